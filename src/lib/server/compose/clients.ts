// Use cases of the agency around its clients: make, invite, assign, archive, export.
import type { Parts } from './parts.ts';

export const composeClients = (_parts: Parts) => ({});
