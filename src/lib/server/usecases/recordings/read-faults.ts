// What went wrong in the pages of a recording. Always within one agency; permission is the callers'.
import { sql } from 'drizzle-orm';
import { faultTold, type SeenFault } from '#domain/page-faults.ts';
import type { LiveEntry } from '#protocol/index.ts';
import type { Reader } from '#server/db/types.ts';

/** As many as a list of them can be read. */
const MAX_ROWS = 2_000;
const MAX_OF_PAGE = 200;
/** Of one recording, the first ones. */
const MAX_PAGES = 5_000;

/** Of `page_fault`, as `SeenFault`. */
export const FAULT_COLUMNS = sql.raw(
	`id::text AS id, (extract(epoch FROM at) * 1000)::float8 AS at, kind, words, place, method, status, times, page_id AS "pageId"`
);

type Row = SeenFault & { nth: number; total: number };

/**
 * Oldest first; the first of every page before the second of any. Attack: a page that fails without end, and is loaded twice, fills the list,
 * and what fails later is in none. What is left out of a page is told with the last of it.
 */
export async function readFaults(reader: Reader, agencyId: string, id: string): Promise<SeenFault[]> {
	const rows = await reader.execute<Row>(sql`
		WITH listed AS (
			SELECT f.* FROM (SELECT id FROM page WHERE impersonation_id = ${id} AND agency_id = ${agencyId}
				ORDER BY opened_at, id LIMIT ${MAX_PAGES}) g
			CROSS JOIN LATERAL (SELECT ${FAULT_COLUMNS}, row_number() OVER (ORDER BY seq, event)::int AS nth FROM page_fault
				WHERE page_id = g.id ORDER BY seq, event LIMIT ${MAX_OF_PAGE}) f
			ORDER BY f.nth, f.at LIMIT ${MAX_ROWS}),
		told AS (SELECT page_id, count(*)::int AS total FROM page_fault
			WHERE page_id IN (SELECT "pageId" FROM listed) GROUP BY page_id)
		SELECT listed.*, told.total FROM listed JOIN told ON told.page_id = listed."pageId" ORDER BY at, id::bigint`);
	const last = new Map<string | null, number>();
	for (const { pageId, nth } of rows) last.set(pageId, Math.max(last.get(pageId) ?? 0, nth));
	return rows.map(({ nth, total, ...fault }) =>
		nth === last.get(fault.pageId) && nth < total ? { ...fault, more: total - nth } : fault
	);
}

/** Newest first: what fails now is what a watcher has to see. */
export async function readLatestFaults(
	reader: Reader,
	{ agencyId, id, count }: { agencyId: string; id: string; count: number }
): Promise<SeenFault[]> {
	const rows = await reader.execute<SeenFault>(sql`
		SELECT ${FAULT_COLUMNS} FROM page_fault WHERE impersonation_id = ${id} AND agency_id = ${agencyId}
		ORDER BY page_fault.at DESC, page_fault.id DESC LIMIT ${count}`);
	return [...rows];
}

/** As a watcher's list shows it. */
export const liveFault = (row: SeenFault): LiveEntry => {
	const { title, subject, note } = faultTold(row);
	return { id: `fault:${row.id}`, at: row.at, kind: 'fault', title, subject, by: note ?? 'The page' };
};
