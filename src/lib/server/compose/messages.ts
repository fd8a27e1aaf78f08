// Use cases of conversations, on both sides.
import type { Parts } from './parts.ts';

export const composeMessages = (_parts: Parts) => ({});
