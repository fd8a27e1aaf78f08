// Use cases of the catalogue of services.
import type { Parts } from './parts.ts';

export const composeServices = (_parts: Parts) => ({});
