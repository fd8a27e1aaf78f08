// Use cases of what a client allows.
import type { Parts } from './parts.ts';

export const composeConsent = (_parts: Parts) => ({});
