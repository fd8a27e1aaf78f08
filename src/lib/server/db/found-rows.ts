// One page of what a search found, and how many it found. Few hits are collected by the index that finds them and put in order; of many,
// the list's own order is walked until the page is full. Left to guess which, the database walks past thousands of rows for a few.
import { sql, type SQL } from 'drizzle-orm';
import { MAX_COUNTED, type Counted } from './count-rows.ts';
import { PLANNED_ANEW } from './prepared-client.ts';
import type { Reader } from './types.ts';

/** To order so many costs as little as to walk past what lies between a page's rows of something so frequent. */
const MAX_COLLECTED = 2_500;

type Search = {
	/** The table and the name by which `where` and `page` know its rows. */
	table: string;
	alias: string;
	where: SQL;
	/** The page as a statement: its columns FROM these rows and what they are joined with, WHERE this holds, in order. */
	page(from: SQL, where: SQL): SQL;
};

export async function findRows<Row extends Record<string, unknown>>(
	reader: Reader,
	{ table, alias, where, page }: Search
): Promise<Counted & { rows: Row[] }> {
	const name = sql.raw(alias);
	// The limit stands in the text: as a parameter it would tell the planner nothing.
	const [found] = await reader.execute<{ hits: number; rows: Row[] }>(sql`
		WITH hits AS MATERIALIZED (SELECT ${sql.raw(PLANNED_ANEW)} ${name}.* FROM ${sql.raw(table)} ${name} WHERE ${where}
			LIMIT ${sql.raw(String(MAX_COLLECTED + 1))})
		SELECT (SELECT count(*)::int FROM hits) AS hits,
			(SELECT coalesce(json_agg(shown), '[]') FROM (${page(sql`hits ${name}`, sql`true`)}) AS shown) AS rows`);
	const hits = found?.hits ?? 0;
	const counted = { total: Math.min(hits, MAX_COUNTED), isMore: hits > MAX_COUNTED };
	if (hits <= MAX_COLLECTED) return { rows: found?.rows ?? [], ...counted };
	const rows = await reader.execute<Row>(page(sql.raw(`${table} ${alias}`), where));
	return { rows: [...rows] as unknown as Row[], ...counted };
}
