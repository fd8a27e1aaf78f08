// Use cases of the portal.
import type { Parts } from './parts.ts';

export const composePortal = (_parts: Parts) => ({});
