// Reads the batches of one page out of the answer of its events: recorder/format/block-frames.ts.
import type { BatchHeader } from '#protocol/watch.ts';
import { readFrames } from '#recorder/format/block-frames.ts';

export type FramedBatch = { header: BatchHeader; bytes: Uint8Array };

/** All whole batches in `data`. A cut last one is left out: the connection broke, the rest is still good. */
export function readBatchFrames(
	pageId: string,
	data: ArrayBuffer
): { batches: FramedBatch[]; isWhole: boolean } {
	const { batches, isWhole } = readFrames(new Uint8Array(data));
	return {
		batches: batches.map(({ bytes, ...header }) => ({ header: { pageId, ...header }, bytes })),
		isWhole
	};
}
