// Use cases of files, folders and uploads, on both sides.
import type { Parts } from './parts.ts';

export const composeFiles = (_parts: Parts) => ({});
