// Use cases of the live side: what the hub and the live page ask.
import type { Parts } from './parts.ts';

export const composeLive = (_parts: Parts) => ({});
