// Batches one after the other as bytes: in a block's payload and in answers to the player. Each is a header of 24 bytes,
// little endian: number u32, length u32, time of receipt f64, offset f64 (both ms); then the bytes. Stored format [H4].

const HEADER_BYTES = 24;

/** A batch as it is kept, whoever keeps it. */
export type FramedBatch = { seq: number; receivedAt: number; offsetMs: number; bytes: Uint8Array };

/** One batch with its header. */
export function frameBatch({ seq, receivedAt, offsetMs, bytes }: FramedBatch): Uint8Array<ArrayBuffer> {
	const frame = new Uint8Array(HEADER_BYTES + bytes.byteLength);
	const view = new DataView(frame.buffer);
	view.setUint32(0, seq, true);
	view.setUint32(4, bytes.byteLength, true);
	view.setFloat64(8, receivedAt, true);
	view.setFloat64(16, offsetMs, true);
	frame.set(bytes, HEADER_BYTES);
	return frame;
}

/** All whole batches in `data`; their bytes are views of it. `isWhole` is false when the last one was cut. */
export function readFrames(data: Uint8Array): { batches: FramedBatch[]; isWhole: boolean } {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	const batches: FramedBatch[] = [];
	let at = 0;
	while (at + HEADER_BYTES <= data.byteLength) {
		const end = at + HEADER_BYTES + view.getUint32(at + 4, true);
		if (end > data.byteLength) break;
		batches.push({
			seq: view.getUint32(at, true),
			receivedAt: view.getFloat64(at + 8, true),
			offsetMs: view.getFloat64(at + 16, true),
			bytes: data.subarray(at + HEADER_BYTES, end)
		});
		at = end;
	}
	return { batches, isWhole: at === data.byteLength };
}
