import { expect, it } from 'vitest';
import { PieceError, type PieceSource } from './piece-source.ts';
import { Pieces } from './pieces.ts';

/** Blocks as large as their names say, in bytes. */
function countingSource() {
	const reads: string[] = [];
	const source: PieceSource = {
		block: async (id) => {
			reads.push(id);
			if (id === 'gone') throw new PieceError('gone');
			return new Uint8Array(Number(id));
		},
		tail: async (pageId, from) => {
			reads.push(`${pageId} ${from}`);
			return { bytes: new Uint8Array(8), checkpoint: 'whole', lastSeq: from, hasMore: false };
		},
		index: () => Promise.reject(new Error('not asked'))
	};
	return { source, reads };
}

it('reads a piece once, however many ask at a time and after', async () => {
	const { source, reads } = countingSource();
	const pieces = new Pieces(source);
	const [one, other] = await Promise.all([pieces.block('10'), pieces.block('10')]);
	expect(other).toBe(one);
	expect(await pieces.block('10')).toBe(one);
	pieces.prefetch('10');
	expect(reads).toEqual(['10']);
});

it('keeps the last few, and never more bytes than it may', async () => {
	const { source, reads } = countingSource();
	const pieces = new Pieces(source, { kept: 3, bytes: 1_000 });
	for (const id of ['100', '200', '300', '100', '400']) await pieces.block(id);
	expect(pieces.size).toEqual({ pieces: 3, bytes: 800 });
	await pieces.block('100');
	expect(reads).toEqual(['100', '200', '300', '400']);
	await pieces.block('900');
	expect(pieces.size).toEqual({ pieces: 2, bytes: 1_000 });
	await pieces.block('5000');
	expect(pieces.size).toEqual({ pieces: 1, bytes: 5_000 });
});

it('holds as much of eight hours as of one', async () => {
	const sizeAfter = async (blocks: number) => {
		const pieces = new Pieces(countingSource().source);
		for (let id = 1; id <= blocks; id++) await pieces.block(String(100_000 + (id % 500)));
		return pieces.size.pieces;
	};
	expect(await sizeAfter(2_880)).toBe(await sizeAfter(360));
});

it('keeps no failure, and lets go of what grows', async () => {
	const { source, reads } = countingSource();
	const pieces = new Pieces(source);
	for (const _ of [1, 2]) await expect(pieces.block('gone')).rejects.toMatchObject({ why: 'gone' });
	pieces.prefetch('gone');
	await pieces.tail('a', 3);
	await pieces.tail('a', 3);
	pieces.forgetTails();
	await pieces.tail('a', 3);
	expect(reads).toEqual(['gone', 'gone', 'gone', 'a 3', 'a 3']);
});
