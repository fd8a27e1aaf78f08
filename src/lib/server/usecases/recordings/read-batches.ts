// All batches of one page wherever they lie: in blocks, and from where those end in the live log.
import { isAppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { BlockIds } from '#recorder/format/block-header.ts';
import type { BlockReader } from '#server/recordings/block-reader.ts';
import { readPageBlocks, type BlockRow } from '#server/recordings/block-rows.ts';

type Sources = { db: Db; liveLog: LiveLog; reader: BlockReader };

/** Rows of the index at once. */
const AT_ONCE = 100;

/** In place of a damaged block: a batch that no reader can take for one, so that each counts it as damaged and goes on. */
const unreadable = ({ firstSeq, toAt }: BlockRow): FramedBatch => ({
	seq: firstSeq,
	receivedAt: toAt,
	offsetMs: 0,
	bytes: new Uint8Array()
});

async function batchesOf(reader: BlockReader, ids: BlockIds, block: BlockRow): Promise<FramedBatch[]> {
	try {
		return await reader.batches(ids, block);
	} catch (error) {
		if (isAppError(error) && error.code === 'not_found') return [unreadable(block)];
		throw error;
	}
}

async function* sealed({ db, reader }: Sources, ids: BlockIds, from: number): AsyncGenerator<FramedBatch> {
	let next = from;
	for (;;) {
		const blocks = await readPageBlocks(db, ids, next, AT_ONCE);
		for (const block of blocks) {
			for (const batch of await batchesOf(reader, ids, block)) if (batch.seq >= next) yield batch;
			next = block.lastSeq + 1;
		}
		if (blocks.length < AT_ONCE) return;
	}
}

/**
 * In the order of their numbers, each once. While it reads, batches may be sealed and leave the log: wherever the log
 * has a hole, and at its end, the blocks are asked again.
 */
export async function* readBatches(sources: Sources, ids: BlockIds, from = 0): AsyncGenerator<FramedBatch> {
	let next = from;
	for (;;) {
		const before = next;
		for await (const batch of sealed(sources, ids, next)) {
			yield batch;
			next = batch.seq + 1;
		}
		for await (const batch of sources.liveLog.read(ids.pageId, next)) {
			if (batch.seq < next) continue;
			if (batch.seq > next && (await isSealed(sources.db, ids, next))) break;
			yield batch;
			next = batch.seq + 1;
		}
		if (next === before || !(await isSealed(sources.db, ids, next))) return;
	}
}

const isSealed = async (db: Db, ids: BlockIds, from: number): Promise<boolean> =>
	(await readPageBlocks(db, ids, from, 1)).length > 0;
