// Rows of what went wrong in recorded pages. Written by the hub as it comes and by the index over sealed blocks, in whatever order.
import { sql } from 'drizzle-orm';
import type { NotedFault } from '#recorder/format/page-fault.ts';
import type { Reader } from '#server/db/types.ts';

/** Of one page: about twice what a recorder of ours tells; who sends more is not told about to anybody. */
const MAX_OF_PAGE = 1_000;

/**
 * Adds what is not there yet, and no more than there is room for. Nothing where the recording was erased, or while it is being erased.
 * @returns the new rows' ids, in the order of what they tell
 */
export async function insertFaults(
	db: Reader,
	page: { agencyId: string; pageId: string },
	rows: readonly NotedFault[]
): Promise<string[]> {
	if (rows.length === 0) return [];
	const told = rows.map(({ seq, event, at, fault }) => ({ ...fault, seq, event, at }));
	// Attack: a page that tells of as many in each batch as it may, so that one block of them is many times what is kept of a page. What is
	// there already takes no room. The share lock: erasing marks the page first, and then takes these rows away.
	const added = await db.execute<{ id: string }>(sql`
		WITH held AS MATERIALIZED (SELECT id, agency_id, impersonation_id FROM page
			WHERE id = ${page.pageId} AND agency_id = ${page.agencyId} AND erased_at IS NULL FOR SHARE)
		INSERT INTO page_fault (agency_id, client_id, impersonation_id, page_id, seq, event, at, kind, words, place, method, status, times)
		SELECT held.agency_id, i.client_id, i.id, held.id, r.seq, r.event, to_timestamp(r.at / 1000), r.kind, r.text, r.where, r.method,
			r.status, r.times
		FROM held JOIN impersonation i ON i.id = held.impersonation_id
		CROSS JOIN jsonb_to_recordset(${JSON.stringify(told)}::text::jsonb) AS r(seq integer, event integer, at float8, kind text,
			text text, "where" text, method text, status integer, times integer)
		WHERE NOT EXISTS (SELECT FROM page_fault f WHERE f.page_id = held.id AND f.seq = r.seq AND f.event = r.event)
		ORDER BY r.seq, r.event
		LIMIT greatest(0, ${MAX_OF_PAGE} - (SELECT count(*) FROM page_fault f WHERE f.page_id = ${page.pageId}))
		ON CONFLICT DO NOTHING RETURNING id::text AS id`);
	return added.map(({ id }) => id);
}
