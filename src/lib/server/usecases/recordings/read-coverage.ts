// What the live log still holds of a recording's pages: numbers and times of their batches, never their content.
import type { LiveLog } from '#server/ports/live-log.ts';
import type { BatchMark, PageMarks } from './find-gaps.ts';
import type { PageRow } from './read-rows.ts';

async function marksOf(liveLog: LiveLog, pageId: string): Promise<BatchMark[]> {
	const marks: BatchMark[] = [];
	for await (const { seq, receivedAt } of liveLog.read(pageId)) marks.push({ seq, receivedAt });
	return marks;
}

const toMarks = (page: PageRow, batches: BatchMark[]): PageMarks => ({
	pageId: page.pageId,
	openedAt: page.openedAt,
	hadSnapshot: page.snapshotAt !== null,
	lastEventAt: page.lastEventAt,
	closedAt: page.closedAt,
	batches
});

/** Every batch's number and time, page by page: one pass at a time, so that memory holds one batch. */
export async function readCoverage(liveLog: LiveLog, pages: readonly PageRow[]): Promise<PageMarks[]> {
	const all: PageMarks[] = [];
	for (const page of pages) all.push(toMarks(page, await marksOf(liveLog, page.pageId)));
	return all;
}

/**
 * The same from the last batch alone: enough to tell in a list that an end is lost, cheap enough for a page of rows.
 * Holes before it do not show.
 */
export async function readEnds(liveLog: LiveLog, page: PageRow): Promise<PageMarks> {
	const marks: BatchMark[] = [];
	const got = liveLog.got(page.pageId);
	if (got >= 0)
		for await (const { receivedAt } of liveLog.read(page.pageId, got)) marks.push({ seq: 0, receivedAt });
	return toMarks(page, marks.slice(-1));
}
