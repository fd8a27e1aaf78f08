// Use cases of the agency side.
import type { Parts } from './parts.ts';

export const composeAgency = (_parts: Parts) => ({});
