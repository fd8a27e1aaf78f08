// Rows of when something masked stood on the screen of recorded pages. Written by the index over sealed blocks alone.
import { sql } from 'drizzle-orm';
import type { Reader, Tx } from '#server/db/types.ts';
import type { HeldMask, MaskedTime } from './masked-times.ts';

/** The latest of each kind of a page. */
export async function readHeldMasks(reader: Reader, pageId: string): Promise<HeldMask[]> {
	const rows = await reader.execute<HeldMask>(sql`
		SELECT DISTINCT ON (kind) kind, (extract(epoch FROM from_at) * 1000)::float8 AS "from",
			(extract(epoch FROM to_at) * 1000)::float8 AS "to", is_on AS "isOn", count(*) OVER (PARTITION BY kind)::int AS nth
		FROM masked_stretch WHERE page_id = ${pageId} ORDER BY kind, from_at DESC`);
	return [...rows];
}

/** New ones, and what became of the latest. The caller holds the page, so that it cannot be erased beside it. */
export async function keepMasks(
	tx: Tx,
	page: { agencyId: string; impersonationId: string; pageId: string },
	masked: readonly MaskedTime[]
): Promise<void> {
	if (masked.length === 0) return;
	await tx.execute(sql`
		INSERT INTO masked_stretch (agency_id, client_id, impersonation_id, page_id, kind, from_at, to_at, is_on)
		SELECT i.agency_id, i.client_id, i.id, ${page.pageId}, r.kind, to_timestamp(r."from" / 1000), to_timestamp(r."to" / 1000),
			r."isOn"
		FROM impersonation i, jsonb_to_recordset(${JSON.stringify(masked)}::text::jsonb)
			AS r(kind text, "from" float8, "to" float8, "isOn" boolean)
		WHERE i.id = ${page.impersonationId} AND i.agency_id = ${page.agencyId}
		ON CONFLICT (page_id, kind, from_at) DO UPDATE SET to_at = excluded.to_at, is_on = excluded.is_on`);
}
