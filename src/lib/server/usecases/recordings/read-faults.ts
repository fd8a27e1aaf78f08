// What went wrong in the pages of a recording. Always within one agency; permission is the callers'.
import { sql } from 'drizzle-orm';
import { faultTold, type SeenFault } from '#domain/page-faults.ts';
import type { LiveEntry } from '#protocol/index.ts';
import type { Reader } from '#server/db/types.ts';

/** As many as a list of them can be read; each page tells far fewer. */
const MAX_ROWS = 2_000;

/** Of `page_fault`, as `SeenFault`. */
export const FAULT_COLUMNS = sql.raw(
	`id::text AS id, (extract(epoch FROM at) * 1000)::float8 AS at, kind, words, place, method, status, times, page_id AS "pageId"`
);

/** Oldest first. */
export async function readFaults(reader: Reader, agencyId: string, id: string): Promise<SeenFault[]> {
	const rows = await reader.execute<SeenFault>(sql`
		SELECT ${FAULT_COLUMNS} FROM page_fault WHERE impersonation_id = ${id} AND agency_id = ${agencyId}
		ORDER BY at, page_fault.id LIMIT ${MAX_ROWS}`);
	return [...rows];
}

/** As a watcher's list shows it. */
export const liveFault = (row: SeenFault): LiveEntry => {
	const { title, subject, note } = faultTold(row);
	return { id: `fault:${row.id}`, at: row.at, kind: 'fault', title, subject, by: note ?? 'The page' };
};
