// The stored format byte by byte: what is written comes back, what is not ours is refused with a sentence.
import { describe, expect, it } from 'vitest';
import { decodeActivity, encodeActivity } from './block-activity.ts';
import { decodeDictionaryHeader, encodeDictionaryHeader } from './block-dictionary.ts';
import { frameBatch } from './block-frames.ts';
import {
	BLOCK_HEADER_BYTES,
	CHECKPOINTS,
	decodeBlockHeader,
	encodeBlockHeader,
	NONCE_BYTES,
	TAG_BYTES,
	type BlockHeader
} from './block-header.ts';
import { decodePayload, encodePayload, framesOf } from './block-payload.ts';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const header = (over: Partial<BlockHeader> = {}): BlockHeader => ({
	packing: 'zstd of differences',
	checkpoint: 'whole',
	policy: 3,
	plainBytes: 5_000,
	cipherBytes: 10,
	firstSeq: 40,
	lastSeq: 79,
	batches: 40,
	events: 51,
	fromAt: 1_790_000_000_000.25,
	toAt: 1_790_000_010_000,
	agencyId: '0190a000-0000-7000-8000-00000000000a',
	impersonationId: '0190a000-0000-7000-8000-00000000000b',
	pageId: '0190a000-0000-7000-8000-00000000000c',
	dictionaryHash: hash(1),
	previousHash: hash(2),
	batchHash: hash(3),
	...over
});
const objectOf = (head: Uint8Array, cipherBytes = 10) => {
	const object = new Uint8Array(head.byteLength + NONCE_BYTES + cipherBytes + TAG_BYTES);
	object.set(head);
	return object;
};

describe('the header of a block', () => {
	it.each(CHECKPOINTS)('comes back with the checkpoint %s [B4]', (checkpoint) => {
		const written = header({ checkpoint });
		expect(decodeBlockHeader(objectOf(encodeBlockHeader(written)))).toEqual(written);
	});

	it('is refused with a sentence wherever a byte is not as written, or is another valid header [B2]', () => {
		const written = objectOf(encodeBlockHeader(header()));
		const sentences = new Set<string>();
		for (let at = 0; at < BLOCK_HEADER_BYTES; at += 1) {
			const broken = written.slice();
			broken[at] = 255 - broken[at]!;
			try {
				// Numbers, ids and hashes have no wrong bytes of their own: the cipher authenticates them.
				expect(decodeBlockHeader(broken)).not.toEqual(header());
				expect(at).toBeGreaterThanOrEqual(12);
			} catch (error) {
				sentences.add((error as Error).message);
			}
		}
		for (const sentence of sentences) expect(sentence).toMatch(/^The block .+\.$/);
		expect(sentences.size).toBeGreaterThan(6);
	});

	it('is refused when it is cut off, or followed by what is not its own', () => {
		const written = objectOf(encodeBlockHeader(header()));
		for (const length of [0, 1, 8, 12, 100, 207, 208, written.length - 1])
			expect(() => decodeBlockHeader(written.subarray(0, length))).toThrow(/cut off|not as long/);
		expect(() => decodeBlockHeader(objectOf(encodeBlockHeader(header()), 11))).toThrow('not as long');
	});

	it('names the version of a block that a later program wrote', () => {
		const later = objectOf(encodeBlockHeader(header()));
		later[8] = 2;
		expect(() => decodeBlockHeader(later)).toThrow('version 2');
	});

	it.each([
		{ lastSeq: 39, batches: 0 },
		{ batches: 39 },
		{ toAt: 1 },
		{ fromAt: Number.NaN },
		{ toAt: Infinity }
	] as Partial<BlockHeader>[])('is refused when it contradicts itself: %o', (over) => {
		expect(() => decodeBlockHeader(objectOf(encodeBlockHeader(header(over))))).toThrow();
	});

	it('is never written with a number that does not fit', () => {
		expect(() => encodeBlockHeader(header({ events: -1 }))).toThrow(RangeError);
		expect(() => encodeBlockHeader(header({ events: 2 ** 32 }))).toThrow(RangeError);
		expect(() => encodeBlockHeader(header({ pageId: 'nonsense' }))).toThrow(RangeError);
		expect(() => encodeBlockHeader(header({ batchHash: new Uint8Array(31) }))).toThrow(RangeError);
	});
});

describe('the header of a dictionary', () => {
	const { agencyId, impersonationId, pageId } = header();
	const written = { agencyId, impersonationId, pageId, plainBytes: 400, cipherBytes: 10, hash: hash(9) };

	it('comes back [B9]', () => {
		expect(decodeDictionaryHeader(objectOf(encodeDictionaryHeader(written)))).toEqual(written);
	});

	it('is refused when it says it is larger than any, or is a block', () => {
		const large = objectOf(encodeDictionaryHeader({ ...written, plainBytes: 5_000_000 }));
		expect(() => decodeDictionaryHeader(large)).toThrow('larger');
		expect(() => decodeDictionaryHeader(objectOf(encodeBlockHeader(header())))).toThrow('does not begin');
	});
});

describe('a payload', () => {
	const frames = [7, 8].map((seq) =>
		frameBatch({ seq, receivedAt: 5.5, offsetMs: -1, bytes: new TextEncoder().encode(`[${seq}]`) })
	);
	const checkpoint = [{ type: 4, timestamp: 5, data: { href: 'ü' } }];

	it('comes back, with a checkpoint and without, with a clock and before one [B6, B7]', () => {
		for (const clockAt of [5, Number.NEGATIVE_INFINITY])
			for (const kept of [checkpoint, []]) {
				const payload = encodePayload({ checkpoint: kept, clockAt, frames });
				const { batches, ...rest } = decodePayload(payload);
				expect(rest).toEqual({ checkpoint: kept, clockAt });
				expect(batches.map(({ seq, bytes }) => [seq, new TextDecoder().decode(bytes)])).toEqual([
					[7, '[7]'],
					[8, '[8]']
				]);
				expect(Buffer.from(framesOf(payload)).equals(Buffer.concat(frames))).toBe(true);
			}
	});

	it('is refused cut off at any byte, with bytes behind it, and with an impossible clock', () => {
		const payload = encodePayload({ checkpoint, clockAt: 5, frames });
		for (let length = 0; length < payload.length; length += 1)
			expect(() => decodePayload(payload.subarray(0, length))).toThrow();
		expect(() => decodePayload(Buffer.concat([payload, Buffer.of(0)]))).toThrow('not as long');
		expect(() => decodePayload(encodePayload({ checkpoint, clockAt: Number.NaN, frames }))).toThrow('time');
		expect(() => decodePayload(encodePayload({ checkpoint, clockAt: Infinity, frames }))).toThrow('time');
	});
});

describe('activity', () => {
	it('tells in which seconds batches came and somebody acted [B11]', () => {
		const span = { fromAt: 1_000, toAt: 6_400 };
		const cells = encodeActivity(span, { batches: [1_000, 1_900, 4_100, 6_400], acts: [4_050, 9_000] });
		expect([...cells]).toEqual([2, 0, 0, 0x81, 0, 0x81]);
		expect(decodeActivity(span, cells)).toEqual([
			{ at: 1_000, batches: 2, hasActed: false },
			{ at: 4_000, batches: 1, hasActed: true },
			{ at: 6_000, batches: 1, hasActed: true }
		]);
	});

	it('stays small however long the stretch is, and counts no further than it can', () => {
		const span = { fromAt: 0, toAt: 3_600_000 };
		const cells = encodeActivity(span, { batches: Array.from({ length: 500 }, () => 10), acts: [] });
		expect(cells.length).toBeLessThanOrEqual(240);
		expect(cells[0]).toBe(127);
	});
});
