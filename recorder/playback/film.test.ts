import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { makeFilm } from '#support/film-blocks.ts';
import { Film } from './film.ts';
import type { IndexedBlock } from './film-index.ts';

const snapshot = (timestamp: number): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp,
	data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { top: 0, left: 0 } }
});
const scroll = (timestamp: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.scroll, id: 1, x: 0, y: timestamp }
});
const film = (pages: Record<string, RecordedEvent[]>, options = {}) =>
	new Film(makeFilm(pages, { startAt: 0, endAt: 100_000, ...options }).index);
const block = (over: Partial<IndexedBlock>): IndexedBlock => ({
	id: `b${over.firstSeq ?? 0}`,
	firstSeq: 0,
	lastSeq: 9,
	fromAt: 0,
	toAt: 0,
	checkpoint: 'whole',
	activity: '',
	...over
});
const ofBlocks = (...blocks: IndexedBlock[]) =>
	new Film({
		startAt: 0,
		endAt: 100,
		isRunning: false,
		pages: [{ pageId: 'a', firstEventAt: 0, lastEventAt: 100, blocks, tailFrom: null }]
	});

describe('which page is on the screen', () => {
	it('is the one last acted on, and the first one before all', () => {
		const two = film({ a: [snapshot(10_000), scroll(40_000)], b: [snapshot(20_000)] });
		expect([0, 15_000, 25_000, 45_000].map((at) => two.pageAt(at))).toEqual(['a', 'a', 'b', 'a']);
	});
	it('and when another one comes to it', () => {
		const two = film({ a: [snapshot(10_000), scroll(40_000)], b: [snapshot(20_000)] });
		expect(two.nextTurn('a', 10_000, 50_000)).toEqual({ pageId: 'b', from: 20_000 });
		expect(two.nextTurn('b', 20_000, 50_000)).toEqual({ pageId: 'a', from: 40_000 });
		expect(two.nextTurn('b', 20_000, 30_000)).toBeNull();
	});
});

describe('activity', () => {
	it('comes next where somebody acts or a page begins, and is now for as long as it may be', () => {
		const one = film({ a: [snapshot(10_000), scroll(40_000), scroll(41_500), snapshot(43_000)] });
		expect([0, 10_000, 39_999].map((at) => one.nextActivity(at))).toEqual([10_000, 40_000, 40_000]);
		expect(one.nextActivity(40_500)).toBe(40_500);
		expect(one.nextActivity(50_000)).toBeNull();
	});
	it('may lie in a rest that was not read', () => {
		const one = film({ a: [snapshot(10_000), scroll(12_000), scroll(60_000)] }, { sealedUntil: 20_000 });
		expect(one.nextActivity(15_000)).toBeNull();
		expect(one.nextActivity(11_000)).toBe(12_000);
		const [rest] = one.unreadTails(100_000);
		expect(one.nextActivity(rest!.fromAt - 1)).toBe(rest!.fromAt);
		one.noteTail(rest!, { checkpoint: 'whole', lastSeq: 2, hasMore: false }, [60_000], 60_000);
		expect(one.nextActivity(15_000)).toBe(60_000);
		expect(one.unreadTails(100_000)).toEqual([]);
	});
});

describe('the piece a picture is made from', () => {
	const three = ofBlocks(
		block({ firstSeq: 0, lastSeq: 9, fromAt: 0, toAt: 9, checkpoint: 'empty' }),
		block({ firstSeq: 10, lastSeq: 19, fromAt: 10, toAt: 19 }),
		block({ firstSeq: 20, lastSeq: 29, fromAt: 30, toAt: 39 })
	);
	it('is the last one that began by then', () => {
		const starts = [-5, 0, 9, 10, 29, 30, 99].map((at) => three.startOf('a', at)?.firstSeq);
		expect(starts).toEqual([0, 0, 0, 10, 10, 20, 20]);
	});
	it('lies further back where it begins without a picture, but never before a hole', () => {
		const unsure = ofBlocks(
			block({ firstSeq: 0, lastSeq: 9, fromAt: 0 }),
			block({ firstSeq: 10, lastSeq: 19, fromAt: 10, checkpoint: 'unsure' }),
			block({ firstSeq: 20, lastSeq: 29, fromAt: 20, checkpoint: 'unsure' }),
			block({ firstSeq: 40, lastSeq: 49, fromAt: 40, checkpoint: 'hole' }),
			block({ firstSeq: 50, lastSeq: 59, fromAt: 50, checkpoint: 'hole' })
		);
		expect([25, 45, 55].map((at) => unsure.startOf('a', at)?.firstSeq)).toEqual([0, 40, 50]);
	});
	it('is none of what is damaged', () => {
		const { index } = three;
		const rest = new Film(index, new Set(['b10']));
		expect(rest.startOf('a', 15)?.firstSeq).toBe(0);
		expect(rest.follow('a', 9)?.firstSeq).toBe(20);
	});
	it('is followed by what holds the next number', () => {
		expect([-1, 9, 12, 29].map((seq) => three.follow('a', seq)?.firstSeq)).toEqual([0, 10, 10, undefined]);
		expect([9, 10, 25].map((seq) => three.before('a', seq)?.firstSeq)).toEqual([undefined, 0, 10]);
	});
});

it('reads a long rest in several goes', () => {
	const one = film({ a: [snapshot(10_000), scroll(60_000)] }, { sealedUntil: 0 });
	const [rest] = one.unreadTails(10_000);
	one.noteTail(rest!, { checkpoint: 'empty', lastSeq: 7, hasMore: true }, [], 30_000);
	expect(one.follow('a', 7)).toMatchObject({ firstSeq: 8, fromAt: 30_000, blockId: null });
	expect(one.unreadTails(29_999)).toEqual([]);
	expect(one.unreadTails(30_000)).toHaveLength(1);
});
