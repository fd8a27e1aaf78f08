// The orders a list can be put in by its column heads: what stands in the address, and the SQL behind it.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

type BothWays<K extends string> = Record<K | `-${K}`, SQL>;

/**
 * Each column upwards and downwards. Rows that are alike there follow `tie`, so that none is on two pages; it turns with
 * the column, so that one index serves both ways.
 */
export function bothWays<K extends string>(columns: Readonly<Record<K, string>>, tie: string): BothWays<K> {
	const orders = Object.entries<string>(columns).flatMap(([key, column]) => [
		[key, sql.raw(`${column}, ${tie}`)],
		[`-${key}`, sql.raw(`${column} DESC, ${tie} DESC`)]
	]);
	return Object.fromEntries(orders) as BothWays<K>;
}

/** Out of an address; what makes no sense is the usual order, never an error. */
export const sortIn = <K extends string>(orders: Readonly<Record<K, unknown>>, usual: NoInfer<K>) =>
	z
		.enum(Object.keys(orders) as [K, ...K[]])
		.catch(usual as never)
		.default(usual as never);
