// Use cases of a contact's own account.
import type { Parts } from './parts.ts';

export const composeAccount = (_parts: Parts) => ({});
