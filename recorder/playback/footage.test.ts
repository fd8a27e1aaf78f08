import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { CountingSource, makeFilm, type FilmOptions } from '#support/film-blocks.ts';
import { firstPicture, listGrows } from '#support/recorded-list.ts';
import { Footage, type Damaged } from './footage.ts';

const MINUTE = 60_000;

/** Four batches a second. */
const list = (fromMs: number, lengthMs: number): RecordedEvent[] => [
	...firstPicture(fromMs),
	...Array.from({ length: lengthMs / 250 }, (_, index) =>
		listGrows(index + 1, fromMs + (index + 1) * 250)
	).flat()
];

function footageOf(pages: Record<string, RecordedEvent[]>, options: Partial<FilmOptions> = {}) {
	const film = makeFilm(pages, { startAt: 0, endAt: 5 * MINUTE, ...options });
	const source = new CountingSource(film);
	const damaged: Damaged[] = [];
	const footage = new Footage(film.index, source, (one) => damaged.push(one));
	const at = (ms: number) => footage.read((current) => current.startOf('a', ms));
	return { film, source, footage, damaged, at };
}

describe('a moment', () => {
	it('takes one read of one block, wherever it is', async () => {
		const { film, source, at } = footageOf({ a: list(0, 2 * MINUTE) });
		expect(film.blocks.size).toBeGreaterThan(10);
		for (const [ms, id] of [
			[95_000, 'a-9'],
			[31_000, 'a-3'],
			[0, 'a-0']
		] as const) {
			source.reads.length = 0;
			const read = await at(ms);
			expect(source.reads).toEqual([id]);
			expect(read?.payload.batches.length).toBeLessThanOrEqual(41);
		}
	});
	it('of a merged block is looked up in the index again, once', async () => {
		const pages = { a: list(0, 2 * MINUTE) };
		const { source, at, damaged } = footageOf(pages);
		const merged = makeFilm(pages, { startAt: 0, endAt: 5 * MINUTE, spanMs: MINUTE });
		// Merging gives a block another id.
		const renamed = (id: string) => `merged-${id}`;
		source.film = {
			...merged,
			index: {
				...merged.index,
				pages: merged.index.pages.map((page) => ({
					...page,
					blocks: page.blocks.map((block) => ({ ...block, id: renamed(block.id) }))
				}))
			},
			blocks: new Map([...merged.blocks].map(([id, bytes]) => [renamed(id), bytes]))
		};
		expect((await at(95_000))?.piece).toMatchObject({ blockId: 'merged-a-1', checkpoint: 'whole' });
		expect(source.reads).toEqual(['a-9', 'index', 'merged-a-1']);
		await at(31_000);
		expect(source.reads.slice(3)).toEqual(['merged-a-0']);
		expect(damaged).toEqual([]);
	});
	it('of an erased or damaged block is told, and the one before it taken', async () => {
		const { film, source, at, damaged } = footageOf({ a: list(0, MINUTE) });
		film.blocks.delete('a-3');
		film.blocks.set('a-2', new Uint8Array([1, 2, 3]));
		expect((await at(32_000))?.piece.blockId).toBe('a-1');
		expect(source.reads).toEqual(['a-3', 'index', 'a-3', 'a-2', 'a-1']);
		expect(damaged.map(({ pageId }) => pageId)).toEqual(['a', 'a']);
		expect((await at(45_000))?.piece.blockId).toBe('a-4');
	});
	it('is not given up because the network is down', async () => {
		const { source, at } = footageOf({ a: list(0, MINUTE) });
		source.isDown = true;
		await expect(at(32_000)).rejects.toMatchObject({ why: 'failed' });
		source.isDown = false;
		expect((await at(32_000))?.piece.blockId).toBe('a-3');
	});
});

describe('the rest that is not sealed yet', () => {
	const click = (timestamp: number): RecordedEvent => ({
		type: EVENT.incremental,
		timestamp,
		data: { source: SOURCE.mouseInteraction, type: 2, id: 10, x: 1, y: 1 }
	});
	it('is read only for a moment it may hold, and then says who acted', async () => {
		const pages = { a: [...list(0, 40_000), click(41_000)], b: firstPicture(38_000) };
		const { source, footage } = footageOf(pages, { sealedUntil: 36_000, isRunning: true });
		await footage.readTails(20_000);
		expect(source.reads).toEqual([]);
		expect(footage.film.pageAt(42_000)).toBe('b');
		await footage.readTails(42_000);
		expect(source.reads).toEqual([expect.stringContaining('tail of a'), 'tail of b from 0']);
		expect(footage.film.pageAt(42_000)).toBe('a');
		const read = await footage.read((film) => film.startOf('a', 42_000));
		expect(read?.piece).toMatchObject({ blockId: null, checkpoint: 'whole' });
		expect(source.reads).toHaveLength(2);
	});
	it('that was sealed meanwhile goes on from its blocks', async () => {
		const pages = { a: list(0, MINUTE) };
		const { source, footage, at } = footageOf(pages, { sealedUntil: 36_000, isRunning: true });
		source.film = makeFilm(pages, { startAt: 0, endAt: 5 * MINUTE });
		await footage.readTails(55_000);
		expect(footage.film.unreadTails(Infinity)).toEqual([]);
		expect((await at(55_000))?.piece.blockId).toBe('a-5');
	});
	it('that can never be read is given up, not asked for for ever', async () => {
		const pages = { a: list(0, MINUTE) };
		const { source, footage, at } = footageOf(pages, { sealedUntil: 36_000, isRunning: true });
		source.film = { ...source.film, tails: new Map() };
		await footage.readTails(55_000);
		expect(source.reads.length).toBeLessThan(10);
		expect((await at(55_000))?.piece.blockId).toBe('a-3');
	});
});
