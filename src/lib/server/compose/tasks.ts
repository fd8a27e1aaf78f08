// Use cases of tasks, on both sides.
import type { Parts } from './parts.ts';

export const composeTasks = (_parts: Parts) => ({});
