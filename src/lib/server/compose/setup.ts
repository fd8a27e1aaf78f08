// Use cases of an installation's first minute.
import { createSetupLink } from '../usecases/setup/create-setup-link.ts';
import type { Parts } from './parts.ts';

export const composeSetup = ({ db, ids }: Parts) => ({ createSetupLink: createSetupLink({ db, ids }) });
