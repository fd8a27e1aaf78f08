// As much of a recording's coverage as a list needs: which pages lost something, without reading more than each one's last
// batch that is not sealed yet.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { PageMarks, Stretch } from './find-gaps.ts';
import { toMarks } from './read-coverage.ts';
import type { PageRow } from './read-rows.ts';

type Sealed = { pageId: string; firstSeq: number; lastSeq: number; batches: number; to: number };

/** All blocks of each page taken together. */
async function readSealed(db: Db, agencyId: string, ids: readonly string[]): Promise<Map<string, Sealed>> {
	const rows = await db.execute<Sealed>(sql`
		SELECT page_id AS "pageId", min(first_seq) AS "firstSeq", max(last_seq) AS "lastSeq",
			sum(last_seq - first_seq + 1)::int AS batches, (extract(epoch FROM max(to_at)) * 1000)::float8 AS "to"
		FROM block WHERE impersonation_id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))
			AND agency_id = ${agencyId} GROUP BY page_id`);
	return new Map(rows.map((row) => [row.pageId, row]));
}

const point = (firstSeq: number, lastSeq: number, at: number): Stretch => ({
	firstSeq,
	lastSeq,
	from: at,
	to: at,
	beats: []
});

/** Two stretches with the hole between them, where numbers are missing: where exactly is for the recording to tell. */
function stretchesOf({ firstSeq, lastSeq, batches, to }: Sealed): Stretch[] {
	const missing = lastSeq - firstSeq + 1 - batches;
	if (missing === 0) return [point(firstSeq, lastSeq, to)];
	return [point(firstSeq, lastSeq - missing - 1, to), point(lastSeq, lastSeq, to)];
}

async function lastOf(liveLog: LiveLog, pageId: string): Promise<Stretch[]> {
	const got = await liveLog.reached(pageId);
	if (got < 0) return [];
	for await (const { receivedAt } of liveLog.read(pageId, got)) return [point(0, got, receivedAt)];
	return [];
}

/**
 * Each page's marks from its blocks as a whole and its last batch. Holes in the not yet sealed rest do not show.
 * @param pages by their recording's id
 */
export async function readEnds(
	{ db, liveLog }: { db: Db; liveLog: LiveLog },
	agencyId: string,
	pages: ReadonlyMap<string, readonly PageRow[]>
): Promise<ReadonlyMap<string, PageMarks[]>> {
	const sealed = await readSealed(db, agencyId, [...pages.keys()]);
	const marksOf = async (page: PageRow): Promise<PageMarks> => {
		const blocks = sealed.get(page.pageId);
		const own = blocks ? stretchesOf(blocks) : [];
		const rest = (await lastOf(liveLog, page.pageId)).filter(
			({ lastSeq }) => lastSeq > (blocks?.lastSeq ?? -1)
		);
		// What lies between the blocks and the last batch is taken to be there.
		const joined = rest.map((one) => ({ ...one, firstSeq: (blocks?.lastSeq ?? -1) + 1 }));
		return toMarks(page, [...own, ...joined]);
	};
	const ends = [...pages].map(async ([id, own]) => [id, await Promise.all(own.map(marksOf))] as const);
	return new Map(await Promise.all(ends));
}
