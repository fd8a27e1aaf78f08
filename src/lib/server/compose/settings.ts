// Use cases of policy, appearance, invoicing, announcements and notifications.
import { readLogo } from '../usecases/settings/read-logo.ts';
import type { Parts } from './parts.ts';

export const composeSettings = ({ db, blobs }: Parts) => ({
	readLogo: readLogo({ db, blobs })
});
