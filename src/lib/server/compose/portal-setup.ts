// Use cases of sidebars, portal defaults and overrides.
import type { Parts } from './parts.ts';

export const composePortalSetup = (_parts: Parts) => ({});
