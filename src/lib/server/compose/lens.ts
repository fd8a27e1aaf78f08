// Use cases of “Why can’t they see it?”.
import type { Parts } from './parts.ts';

export const composeLens = (_parts: Parts) => ({});
