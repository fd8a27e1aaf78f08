// The wireframe by which lists show a recorded page: one row of a page, written rarely. No action: nobody did anything, and there is
// not a word in it.
import { sql } from 'drizzle-orm';
import type { Sketch } from '#protocol/help.ts';
import type { Db } from '#server/db/types.ts';
import type { Inside } from './helped-session.ts';

export type KeptSketch = Pick<Sketch, 'width' | 'height' | 'boxes'> & {
	/** Hub time. */
	takenAt: number;
	/** How long what it shows was on the screen. */
	shownMs: number;
};

/**
 * Of what two hubs kept of a page that moved between them, what was shown longer stays. Nothing where the recording was erased, or
 * while it is being erased.
 */
export const noteSketch =
	({ db }: { db: Db }) =>
	async ({ agencyId, impersonationId, pageId }: Inside, kept: KeptSketch): Promise<void> => {
		const { takenAt, shownMs, width, height } = kept;
		const boxes = Buffer.from(kept.boxes).toString('hex');
		// The share lock: erasing marks the page first, and then takes this row away.
		await db.execute(sql`
			WITH held AS MATERIALIZED (SELECT id, agency_id, impersonation_id FROM page
				WHERE id = ${pageId} AND agency_id = ${agencyId} AND impersonation_id = ${impersonationId} AND erased_at IS NULL
				FOR SHARE)
			INSERT INTO page_sketch (page_id, agency_id, impersonation_id, taken_at, shown_ms, width, height, boxes)
			SELECT id, agency_id, impersonation_id, to_timestamp(${takenAt}::float8 / 1000), ${Math.round(shownMs)}::int,
				${width}::int, ${height}::int, decode(${boxes}, 'hex')
			FROM held
			ON CONFLICT (page_id) DO UPDATE SET taken_at = EXCLUDED.taken_at, shown_ms = EXCLUDED.shown_ms,
				width = EXCLUDED.width, height = EXCLUDED.height, boxes = EXCLUDED.boxes
			WHERE EXCLUDED.shown_ms >= page_sketch.shown_ms`);
	};
