// Use cases of policy, appearance, invoicing, announcements and notifications.
import type { Parts } from './parts.ts';

export const composeSettings = (_parts: Parts) => ({});
