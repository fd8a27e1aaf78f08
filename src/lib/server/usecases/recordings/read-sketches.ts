// The picture beside a recording in a list: the wireframe of the page on which most was done, else of the one shown longest.
import { sql } from 'drizzle-orm';
import { sketchMessage } from '#protocol/help.ts';
import type { Reader } from '#server/db/types.ts';

/** As a list sends it: a few hundred bytes, with the boxes in base64. */
export type RecordingSketch = { width: number; height: number; boxes: string };

type Row = { id: string; width: number; height: number; boxes: Uint8Array };

/** Attack: what a page sends as its wireframe is hostile for ever; whatever wrote the row, what cannot be one is none. */
function read({ width, height, boxes }: Row): RecordingSketch | null {
	const isSketch = sketchMessage.safeParse({ width, height, boxes: [...boxes], at: null }).success;
	return isSketch ? { width, height, boxes: Buffer.from(boxes).toString('base64') } : null;
}

/**
 * Of the rows of one page of a list. What still runs has none here: what is on its screen now is for whoever watches.
 * @returns by the recording's id
 */
export async function readSketches(
	reader: Reader,
	agencyId: string,
	ids: readonly string[]
): Promise<ReadonlyMap<string, RecordingSketch>> {
	if (ids.length === 0) return new Map();
	const rows = await reader.execute<Row>(sql`
		SELECT i.id, k.width, k.height, k.boxes FROM impersonation i
		CROSS JOIN LATERAL (SELECT p.width, p.height, p.boxes FROM page_sketch p LEFT JOIN (
				SELECT a.page_id, count(*) AS done FROM action a WHERE a.impersonation_id = i.id AND a.outcome = 'done'
					AND a.actor_kind = 'impersonation' AND a.page_id IS NOT NULL GROUP BY a.page_id) d ON d.page_id = p.page_id
			WHERE p.impersonation_id = i.id ORDER BY d.done DESC NULLS LAST, p.shown_ms DESC, p.taken_at, p.page_id LIMIT 1) k
		WHERE i.id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))
			AND i.agency_id = ${agencyId} AND i.state = 'ended'`);
	return new Map(
		rows.flatMap((row) => {
			const sketch = read(row);
			return sketch ? [[row.id, sketch] as const] : [];
		})
	);
}
