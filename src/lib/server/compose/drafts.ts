// Use cases of what waits for a client’s approval.
import type { Parts } from './parts.ts';

export const composeDrafts = (_parts: Parts) => ({});
