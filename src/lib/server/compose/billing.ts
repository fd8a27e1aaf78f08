// Use cases of invoices and payments, on both sides.
import type { Parts } from './parts.ts';

export const composeBilling = (_parts: Parts) => ({});
