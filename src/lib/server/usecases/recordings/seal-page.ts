// Puts a page's batches out of the live log into blocks: as many as fill them, and the rest once it is old enough or the
// page is closed. May be broken off anywhere and run twice: what counts is the row of a block, and each is claimed once.
import { AppError } from '#domain/errors.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { readPageState, type PageState } from '#server/recordings/page-to-seal.ts';
import { BLOCK_BYTES, BLOCK_SPAN_MS } from '#server/recordings/seal-limits.ts';
import { PageSealing } from './page-sealing.ts';
import type { SealDeps } from './seal-deps.ts';

/** A batch that stands alone: what the log reads is a view of a megabyte, and another process is given copies. */
const ownBytes = (batch: StoredBatch): StoredBatch => ({ ...batch, bytes: new Uint8Array(batch.bytes) });

function isMuch(pending: readonly StoredBatch[]): boolean {
	const [first, last] = [pending[0], pending.at(-1)];
	if (!first || !last) return false;
	const bytes = pending.reduce((sum, batch) => sum + batch.bytes.byteLength, 0);
	return bytes > BLOCK_BYTES || last.receivedAt - first.receivedAt > BLOCK_SPAN_MS;
}

/** Feeds the log's batches to the sealing; @returns what did not fill a block and may stay for now */
async function feed({ liveLog }: SealDeps, page: PageState, sealing: PageSealing): Promise<StoredBatch[]> {
	let pending: StoredBatch[] = [];
	let next = page.sealedSeq + 1;
	for await (const batch of liveLog.read(page.pageId, next)) {
		if (batch.seq < next) continue;
		if (batch.seq > next) {
			// The page may still send what is missing; only once it cannot, the hole is a fact.
			if (!page.isOver) return pending;
			await sealing.seal(pending, true);
			await sealing.skipTo(batch.seq);
			pending = [];
		}
		pending.push(ownBytes(batch));
		next = batch.seq + 1;
		if (isMuch(pending)) pending = await sealing.seal(pending, false);
	}
	return pending;
}

/**
 * Up to which number a running page's log may go: before the last block, where that begins with the whole picture. What is read
 * while a block is made is still there, and a watcher without a picture is shown the page from its log where none was made.
 */
const shownElsewhere = ({ shownFrom }: PageSealing): number => (shownFrom ?? 0) - 1;

async function sealOnce(deps: SealDeps, page: PageState, restAfterMs: number): Promise<number> {
	const sealing = new PageSealing(deps, page);
	const rest = await feed(deps, page, sealing);
	const [oldest] = rest;
	if (oldest && (page.isClosed || deps.now() - oldest.receivedAt >= restAfterMs))
		await sealing.seal(rest, true);
	const { sealedSeq } = sealing;
	// Nothing can come any more and nothing was left: the log forgets the page, its number included.
	const isAllSealed = (await deps.liveLog.reached(page.pageId)) <= sealedSeq;
	const mayGo = page.isOver ? sealedSeq : shownElsewhere(sealing);
	if (page.isOver && isAllSealed) await deps.liveLog.remove(page.pageId);
	else if (mayGo >= 0) await deps.liveLog.trim(page.pageId, mayGo);
	return sealedSeq;
}

/**
 * Seals a page as far as it goes. `restAfterMs`: how old the oldest batch of an open page must be for a block that is not
 * full. @returns highest sealed number, -1 for none
 * @throws AppError `try_later` when a store or the sealing process fails: the same call goes on where it stopped
 */
export const sealPage =
	(deps: SealDeps) =>
	(pageId: string, { restAfterMs }: { restAfterMs: number }): Promise<number> =>
		deps.sealer.withPage(pageId, async () => {
			const page = await readPageState(deps.db, pageId);
			if (!page) throw new AppError('not_found', 'There is no such page to seal.');
			return sealOnce(deps, page, restAfterMs);
		});
