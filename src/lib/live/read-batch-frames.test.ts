import { expect, it } from 'vitest';
import { frameBatch } from '#recorder/format/block-frames.ts';
import { readBatchFrames } from './read-batch-frames.ts';

const batch = (seq: number, text: string) => ({
	impersonationId: 'i',
	pageId: 'p',
	seq,
	receivedAt: 1_763_000_000_123.5,
	offsetMs: -42.25,
	bytes: new TextEncoder().encode(text)
});
const joined = (...frames: Uint8Array[]) => Uint8Array.from(Buffer.concat(frames)).buffer;

it('reads what the server framed', () => {
	const { batches, isWhole } = readBatchFrames(
		'p',
		joined(frameBatch(batch(0, '[]')), frameBatch(batch(7, '[1]')))
	);
	expect(isWhole).toBe(true);
	expect(batches.map(({ header }) => header)).toEqual([
		{ pageId: 'p', seq: 0, receivedAt: 1_763_000_000_123.5, offsetMs: -42.25 },
		{ pageId: 'p', seq: 7, receivedAt: 1_763_000_000_123.5, offsetMs: -42.25 }
	]);
	expect(new TextDecoder().decode(batches[1]?.bytes)).toBe('[1]');
});

it.each([1, 3, 24, 26])('keeps the whole ones when %i bytes are missing at the end', (missing) => {
	const data = joined(frameBatch(batch(0, '[]')), frameBatch(batch(1, '[1]')));
	const { batches, isWhole } = readBatchFrames('p', data.slice(0, data.byteLength - missing));
	expect([batches.length, isWhole]).toEqual([1, false]);
});

it('reads an empty answer as no batch', () => {
	expect(readBatchFrames('p', new ArrayBuffer(0))).toEqual({ batches: [], isWhole: true });
});

it('does not believe a length beyond the data', () => {
	const frame = frameBatch(batch(0, '[]'));
	new DataView(frame.buffer).setUint32(4, 0xffff_ffff, true);
	expect(readBatchFrames('p', frame.buffer).batches).toEqual([]);
});
