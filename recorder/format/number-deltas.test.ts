import { expect, it } from 'vitest';
import { fromDeltas, toDeltas } from './number-deltas.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

it('writes numbers of nodes and times as differences, each key by itself', () => {
	const nodes =
		'[{"id":7,"a":1,"n":[{"id":8},{"id":9}]},{"parentId":7,"nextId":-1,"timestamp":1790000000123}]';
	expect(text(toDeltas(bytes(nodes)))).toBe(
		'[{"id":7,"a":1,"n":[{"id":1},{"id":1}]},{"parentId":7,"nextId":-1,"timestamp":1790000000123}]'
	);
	expect(text(toDeltas(bytes('{"timestamp":1790000000123},{"timestamp":1790000000122},{"id":3}')))).toBe(
		'{"timestamp":1790000000123},{"timestamp":-1},{"id":3}'
	);
});

it.each([
	'{"id":1.5,"id":1e9,"id":"7","id":null,"id":true}',
	'{"id":-0,"id":007,"id":,"id":-}',
	'{"id":12',
	'{"id": 4,"ID":4,"grid":4}',
	'"id":',
	'{"id":99999999999999,"id":-99999999999999,"id":99999999999999}',
	'{"text":"\\"id\\":5}","id":5}',
	''
])('gives back what it does not understand: %s', (json) => {
	expect(text(fromDeltas(toDeltas(bytes(json))))).toBe(json);
});

it('gives back random bytes, and random bytes that look like its own', () => {
	let seed = 7;
	const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
	const words = ['"id":', '"nextId":', '-', '0', '1', '987', ',', '}', ']', '"', '\\', 'ü', '{', '\u0000'];
	for (let round = 0; round < 500; round += 1) {
		const plain = bytes(Array.from({ length: random(60) }, () => words[random(words.length)]).join(''));
		const noise = Uint8Array.from({ length: random(200) }, () => random(256));
		for (const data of [plain, noise]) expect(Buffer.compare(fromDeltas(toDeltas(data)), data)).toBe(0);
	}
});

it('grows no number past what it can undo, and says so by not matching', () => {
	const tooLong = bytes('{"id":123456789012345}');
	// Fifteen digits: left alone on the way in, taken for a difference on the way back. Packing compares and does without.
	expect(text(toDeltas(tooLong))).toBe('{"id":123456789012345}');
	expect(text(fromDeltas(toDeltas(bytes('{"id":1,"id":123456789012345}'))))).not.toBe(
		'{"id":1,"id":123456789012345}'
	);
});
