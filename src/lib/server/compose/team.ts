// Use cases of staff members and roles.
import type { Parts } from './parts.ts';

export const composeTeam = (_parts: Parts) => ({});
