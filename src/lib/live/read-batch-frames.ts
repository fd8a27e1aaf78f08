// Reads the batches of one page out of the answer that src/lib/server/usecases/recordings/batch-frames.ts describes.
import type { BatchHeader } from '#protocol/watch.ts';

const HEADER_BYTES = 24;

export type FramedBatch = { header: BatchHeader; bytes: Uint8Array };

/** All whole batches in `data`. A cut last one is left out: the connection broke, the rest is still good. */
export function readBatchFrames(
	pageId: string,
	data: ArrayBuffer
): { batches: FramedBatch[]; isWhole: boolean } {
	const view = new DataView(data);
	const batches: FramedBatch[] = [];
	let at = 0;
	while (at + HEADER_BYTES <= data.byteLength) {
		const length = view.getUint32(at + 4, true);
		const end = at + HEADER_BYTES + length;
		if (end > data.byteLength) break;
		batches.push({
			header: {
				pageId,
				seq: view.getUint32(at, true),
				receivedAt: view.getFloat64(at + 8, true),
				offsetMs: view.getFloat64(at + 16, true)
			},
			bytes: new Uint8Array(data, at + HEADER_BYTES, length)
		});
		at = end;
	}
	return { batches, isWhole: at === data.byteLength };
}
