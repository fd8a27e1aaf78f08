// What one copy in the browser's store holds before it is sealed: the ticket of its page and some of its batches. A JSON
// head of stated length, then the batches' bytes one after another. Read by whatever release comes next, so it is strict.
import type { PageClockReading } from '#protocol/record.ts';
import { isLoose } from '../format/events.ts';
import type { Batch } from './uplink.ts';

export type Copy = { ticket: string; batches: Batch[] };

type Entry = { seq: number; length: number; clock: PageClockReading };

const HEAD_LENGTH_BYTES = 4;

/** One copy as bytes. */
export function packCopy({ ticket, batches }: Copy): Uint8Array<ArrayBuffer> {
	const entries: Entry[] = batches.map(({ seq, bytes, clock }) => ({ seq, length: bytes.length, clock }));
	const head = new TextEncoder().encode(JSON.stringify({ ticket, entries }));
	const size = batches.reduce((sum, { bytes }) => sum + bytes.length, HEAD_LENGTH_BYTES + head.length);
	const packed = new Uint8Array(size);
	new DataView(packed.buffer).setUint32(0, head.length);
	packed.set(head, HEAD_LENGTH_BYTES);
	let at = HEAD_LENGTH_BYTES + head.length;
	for (const { bytes } of batches) {
		packed.set(bytes, at);
		at += bytes.length;
	}
	return packed;
}

/** The copy in these bytes, or null where they are none. */
export function unpackCopy(packed: Uint8Array<ArrayBuffer>): Copy | null {
	try {
		const start = HEAD_LENGTH_BYTES + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
		const head: unknown = JSON.parse(new TextDecoder().decode(packed.subarray(HEAD_LENGTH_BYTES, start)));
		if (!isLoose(head) || typeof head.ticket !== 'string' || !Array.isArray(head.entries)) return null;
		let at = start;
		const batches = head.entries.filter(isEntry).map(({ seq, length, clock }) => {
			const bytes = packed.slice(at, at + length);
			at += length;
			return { seq, bytes, clock };
		});
		// Cut short, or longer than it says: nothing in it can be trusted to be where it seems.
		return at === packed.length ? { ticket: head.ticket, batches } : null;
	} catch {
		// A store can be damaged, and any script of the origin can write there; the hub then shows a gap.
		return null;
	}
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isEntry(value: unknown): value is Entry {
	if (!isLoose(value) || !isCount(value.seq) || !isCount(value.length) || !isLoose(value.clock)) return false;
	return Number.isFinite(value.clock.wall) && Number.isFinite(value.clock.mono);
}
