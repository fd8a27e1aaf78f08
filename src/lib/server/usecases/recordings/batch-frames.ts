// Batches of one page as bytes of one HTTP answer; read by src/lib/live/read-batch-frames.ts. Each is a header of
// 24 bytes, little endian: number u32, length u32, time of receipt f64, offset f64 (both ms); then the bytes.
import type { StoredBatch } from '#server/ports/live-log.ts';

const HEADER_BYTES = 24;

/** One batch with its header. */
export function frameBatch({ seq, receivedAt, offsetMs, bytes }: StoredBatch): Uint8Array<ArrayBuffer> {
	const frame = new Uint8Array(HEADER_BYTES + bytes.byteLength);
	const view = new DataView(frame.buffer);
	view.setUint32(0, seq, true);
	view.setUint32(4, bytes.byteLength, true);
	view.setFloat64(8, receivedAt, true);
	view.setFloat64(16, offsetMs, true);
	frame.set(bytes, HEADER_BYTES);
	return frame;
}
