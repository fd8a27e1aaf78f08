// Use cases of the agency's first page.
import type { Parts } from './parts.ts';

export const composeDashboard = (_parts: Parts) => ({});
