// What is still there of a recording's pages: numbers and times of blocks and of the not yet sealed batches, never content.
import { decodeActivity } from '#recorder/format/block-activity.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { readBlocks, type BlockRow } from '#server/recordings/block-rows.ts';
import type { PageMarks, Stretch } from './find-gaps.ts';
import type { PageRow } from './read-rows.ts';

/** A page's blocks and, not yet sealed, the first batch behind them. */
export type PageCoverage = { marks: PageMarks; blocks: BlockRow[]; tailFrom: number | null };

const fromBlock = (block: BlockRow): Stretch => ({
	firstSeq: block.firstSeq,
	lastSeq: block.lastSeq,
	from: block.fromAt,
	to: block.toAt,
	beats: decodeActivity(block, block.activity).map(({ at, batches }) => ({ at, count: batches }))
});

/** The not yet sealed batches, one at a time, so that memory holds one. */
export async function readTailMarks(
	liveLog: Pick<LiveLog, 'read'>,
	pageId: string,
	fromSeq: number
): Promise<Stretch[]> {
	const tail: Stretch[] = [];
	for await (const { seq, receivedAt: at } of liveLog.read(pageId, fromSeq))
		tail.push({ firstSeq: seq, lastSeq: seq, from: at, to: at, beats: [{ at, count: 1 }] });
	return tail;
}

export const toMarks = (page: PageRow, stretches: Stretch[]): PageMarks => ({
	pageId: page.pageId,
	openedAt: page.openedAt,
	hadSnapshot: page.snapshotAt !== null,
	lastEventAt: page.lastEventAt,
	closedAt: page.closedAt,
	lastSeenAt: page.lastSeenAt,
	isErased: page.isErased,
	stretches
});

type Reading = { db: Db; liveLog: Pick<LiveLog, 'read'> };
type Which = { agencyId: string; impersonationId: string };

/** Every page's blocks and rest. The log first: what is sealed meanwhile is then in both, and never in neither. */
export async function readCoverage(
	{ db, liveLog }: Reading,
	{ agencyId, impersonationId }: Which,
	pages: readonly PageRow[]
): Promise<PageCoverage[]> {
	const tails: Stretch[][] = [];
	for (const page of pages) tails.push(await readTailMarks(liveLog, page.pageId, page.sealedSeq + 1));
	const blocks = Map.groupBy(await readBlocks(db, agencyId, impersonationId), ({ pageId }) => pageId);
	return pages.map((page, index) => {
		const own = blocks.get(page.pageId) ?? [];
		const sealed = own.at(-1)?.lastSeq ?? -1;
		const tail = (tails[index] ?? []).filter(({ firstSeq }) => firstSeq > sealed);
		const marks = toMarks(page, [...own.map(fromBlock), ...tail]);
		return { marks, blocks: own, tailFrom: tail[0]?.firstSeq ?? null };
	});
}
