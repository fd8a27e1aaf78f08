// Use cases of orders, on both sides.
import type { Parts } from './parts.ts';

export const composeOrders = (_parts: Parts) => ({});
