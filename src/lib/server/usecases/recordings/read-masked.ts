// When something masked was on the screen of a recording, out of what the index over sealed blocks noted of each page. Always within one
// agency; permission is the callers'.
import { sql } from 'drizzle-orm';
import { maskedStretches, type MaskedStretch, type PageMask } from '#domain/masked-stretches.ts';
import { decodeActivity } from '#recorder/format/block-activity.ts';
import { turnsOf, type ActedPage } from '#recorder/format/turns.ts';
import type { Reader } from '#server/db/types.ts';

/** Pages that mask and show by turns can fill thousands of rows. What comes behind these is not drawn. */
const MAX_ROWS = 5_000;

/** `isLast`: it stood still where the page's last block ended. */
type MaskRow = PageMask & { isLast: boolean };

export type NotedMasks = {
	/** Oldest first. */
	rows: MaskRow[];
	/** False where a page was recorded before anything was noted of it. */
	isKnown: boolean;
};

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

export async function readMasks(reader: Reader, agencyId: string, id: string): Promise<NotedMasks> {
	const rows = await reader.execute<MaskRow>(sql`
		SELECT m.page_id AS "pageId", m.kind, ${ms('m.from_at')} AS "from", ${ms('m.to_at')} AS "to",
			m.is_on AND g.indexed_seq >= g.sealed_seq AS "isLast"
		FROM masked_stretch m JOIN page g ON g.id = m.page_id
		WHERE m.impersonation_id = ${id} AND m.agency_id = ${agencyId} ORDER BY m.from_at, m.page_id, m.kind LIMIT ${MAX_ROWS}`);
	const older = await reader.execute(sql`
		SELECT FROM page WHERE impersonation_id = ${id} AND agency_id = ${agencyId} AND NOT masks_known
			AND sealed_seq >= 0 AND erased_at IS NULL LIMIT 1`);
	return { rows: [...rows], isKnown: older.length === 0 };
}

type ShownPage = {
	pageId: string;
	firstEventAt: number;
	tailFrom: number | null;
	/** `activity`: in base64. */
	blocks: readonly { fromAt: number; toAt: number; activity: string }[];
};

/** The player's own way to tell when somebody acted on a page (recorder/playback/film.ts), so that both show the same page. */
const actedOn = ({ pageId, firstEventAt, blocks }: ShownPage): ActedPage => ({
	pageId,
	startsAt: blocks[0]?.fromAt ?? firstEventAt,
	acts: blocks.flatMap((block) =>
		decodeActivity(block, Buffer.from(block.activity, 'base64'))
			.filter(({ hasActed }) => hasActed)
			.map(({ at }) => at)
	)
});

/** What of it was on the screen. @param pages in the order they were opened */
export function maskedOnScreen(
	{ rows }: NotedMasks,
	of: { startedAt: number; lengthMs: number; pages: readonly ShownPage[] }
): MaskedStretch[] {
	if (rows.length === 0) return [];
	const sealed = new Set(of.pages.filter(({ tailFrom }) => tailFrom === null).map(({ pageId }) => pageId));
	// A page that says no more keeps its last picture. Of a rest that is not sealed nothing is known yet.
	const masks = rows.map(({ isLast, ...mask }) =>
		isLast && sealed.has(mask.pageId) ? { ...mask, to: Infinity } : mask
	);
	return maskedStretches({ ...of, turns: turnsOf(of.pages.map(actedOn)), masks });
}
