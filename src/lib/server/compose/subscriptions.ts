// Use cases of subscriptions, on both sides.
import type { Parts } from './parts.ts';

export const composeSubscriptions = (_parts: Parts) => ({});
