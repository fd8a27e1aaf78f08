// What a block holds once it is open, and what the server answers for the not yet sealed rest of a page: a checkpoint,
// the page's clock as of just before the first batch, and the batches as they were taken. Stored format, version of the
// block; SPEC.md §Payload.
import { PageClock } from './align.ts';
import { decodeBatch, encodeBatch, type RecordedEvent } from './events.ts';
import { readFrames, type FramedBatch } from './block-frames.ts';

const HEAD_BYTES = 16;

export type BlockPayload = {
	/** Meta, full snapshot and what belongs to them, all on hub time; empty where the header says that there is none. */
	checkpoint: RecordedEvent[];
	/** Hub time that the page's clock had reached before the first batch; -Infinity where it had not begun. */
	clockAt: number;
	batches: FramedBatch[];
};

/** Bytes of a payload; `frames` are batches as `frameBatch` writes them. */
export function encodePayload(parts: {
	checkpoint: RecordedEvent[];
	clockAt: number;
	frames: readonly Uint8Array[];
}): Uint8Array<ArrayBuffer> {
	const checkpoint = parts.checkpoint.length > 0 ? encodeBatch(parts.checkpoint) : new Uint8Array();
	const frameBytes = parts.frames.reduce((sum, frame) => sum + frame.byteLength, 0);
	const out = new Uint8Array(HEAD_BYTES + checkpoint.byteLength + frameBytes);
	const view = new DataView(out.buffer);
	view.setUint32(0, checkpoint.byteLength, true);
	view.setUint32(4, frameBytes, true);
	view.setFloat64(8, parts.clockAt, true);
	out.set(checkpoint, HEAD_BYTES);
	let at = HEAD_BYTES + checkpoint.byteLength;
	for (const frame of parts.frames) {
		out.set(frame, at);
		at += frame.byteLength;
	}
	return out;
}

/** The stretch of a payload that holds its batches, as it is sent to a reader who needs no checkpoint. */
export function framesOf(payload: Uint8Array): Uint8Array {
	if (payload.byteLength < HEAD_BYTES) throw new Error('The payload is cut off.');
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
	const from = HEAD_BYTES + view.getUint32(0, true);
	const until = from + view.getUint32(4, true);
	if (until !== payload.byteLength) throw new Error('The payload is not as long as it says.');
	return payload.subarray(from, until);
}

/** @throws Error for what is no payload; each call parses afresh, since rrweb changes the events it is given */
export function decodePayload(payload: Uint8Array): BlockPayload {
	const frames = framesOf(payload);
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
	const clockAt = view.getFloat64(8, true);
	if (Number.isNaN(clockAt) || clockAt === Number.POSITIVE_INFINITY)
		throw new Error('The payload has an impossible time.');
	const checkpointBytes = view.getUint32(0, true);
	const { batches, isWhole } = readFrames(frames);
	if (!isWhole) throw new Error('The payload’s last batch is cut off.');
	const checkpoint =
		checkpointBytes > 0 ? decodeBatch(payload.subarray(HEAD_BYTES, HEAD_BYTES + checkpointBytes)) : [];
	return { checkpoint, clockAt, batches };
}

/** The clock that goes on where the payload begins: its batches' events get the same hub times wherever they are read. */
export const clockOf = ({ clockAt }: BlockPayload): PageClock => new PageClock(clockAt);
