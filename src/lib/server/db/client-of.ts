// The driver's own client under an open Drizzle transaction; for this room alone.
import type postgres from 'postgres';
import type { Tx } from './types.ts';

/**
 * Drizzle sends a query some turns after it was asked to. What must reach the connection in a fixed order, without waiting
 * for answers between, goes through this client.
 */
export const clientOf = (tx: Tx): postgres.TransactionSql =>
	// Declared as any session there is; ours are postgres.js's.
	(tx._.session as unknown as { client: postgres.TransactionSql }).client;
