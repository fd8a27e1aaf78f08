// Use cases of policy, appearance, invoicing, announcements and notifications.
import { readLogo } from '../usecases/settings/read-logo.ts';
import { readPolicy, savePolicy } from '../usecases/settings/save-policy.ts';
import type { Parts } from './parts.ts';

export const composeSettings = ({ db, act, blobs }: Parts) => ({
	readPolicy: readPolicy({ db }),
	savePolicy: savePolicy({ act }),
	readLogo: readLogo({ db, blobs })
});
