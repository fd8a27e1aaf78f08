// How many rows a list has, counted no further than anybody pages.
import { sql, type SQL } from 'drizzle-orm';
import type { Reader } from './types.ts';

/** Forty pages: who wants to go further narrows the list, and counting all would cost more than showing the page. */
export const MAX_COUNTED = 1_000;

/** `isMore`: there are more than `total`. */
export type Counted = { total: number; isMore: boolean };

/** @param from what follows SELECT: `FROM … WHERE …` */
export async function countRows(reader: Reader, from: SQL, max = MAX_COUNTED): Promise<Counted> {
	const [row] = await reader.execute<{ n: number }>(
		// The limit stands in the text: as a parameter a kept plan would guess that all rows are counted.
		sql`SELECT count(*)::int AS n FROM (SELECT ${from} LIMIT ${sql.raw(String(max + 1))}) AS counted`
	);
	const n = row?.n ?? 0;
	return { total: Math.min(n, max), isMore: n > max };
}
