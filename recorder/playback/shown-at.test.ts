import { describe, expect, it } from 'vitest';
import type { ShownStretch } from '#protocol/help.ts';
import { POINTER_GONE_MS, STROKE_SHOWN_MS } from '#protocol/limits.ts';
import { shownAt } from './shown-at.ts';

const by = { staffId: 's', name: 'Sofia' };
const stretch = (more: Partial<ShownStretch>): ShownStretch => ({
	pageId: 'p',
	at: 1_000,
	ms: 2_000,
	places: [],
	strokes: [],
	by,
	...more
});
const line = (count: number): [number, number][] => Array.from({ length: count }, (_, n) => [n / 10, 0]);

describe('a pointer in a replay', () => {
	const pointed = stretch({
		places: [
			{ node: 1, x: 0, y: 0, ms: 0 },
			{ node: 1, x: 1, y: 0.5, ms: 1_000 },
			{ node: 2, x: 0.2, y: 0.2, ms: 2_000 }
		]
	});
	const at = (moment: number) => shownAt([pointed], 'p', moment).pointers[0];
	it('goes from place to place as it did, and jumps to another element', () => {
		expect(at(999)).toBeUndefined();
		expect(at(1_000)?.place).toEqual({ node: 1, x: 0, y: 0 });
		expect(at(1_500)?.place).toEqual({ node: 1, x: 0.5, y: 0.25 });
		expect(at(2_999)?.place).toEqual({ node: 1, x: 1, y: 0.5 });
		expect(at(3_000)?.place).toEqual({ node: 2, x: 0.2, y: 0.2 });
	});
	it('stays a while after the last of it, and fades', () => {
		const gone = 3_000 + POINTER_GONE_MS;
		expect(at(gone - 1_000)?.opacity).toBe(1);
		expect(at(gone - 400)?.opacity).toBe(0.5);
		expect(at(gone)).toBeUndefined();
	});
	it('is where its person was last, one for each, and on the page it was on', () => {
		const later = stretch({ at: 4_000, places: [{ node: 9, x: 0, y: 0, ms: 0 }] });
		const other = stretch({ by: { staffId: 'm', name: 'Mira' }, places: [{ node: 3, x: 0, y: 0 }] });
		const all = shownAt([pointed, other, later], 'p', 4_100).pointers;
		expect(all.map((pointer) => [pointer.by.staffId, pointer.place.node])).toEqual([
			['s', 9],
			['m', 3]
		]);
		expect(shownAt([pointed], 'q', 1_500).pointers).toEqual([]);
		expect(shownAt([pointed], null, 1_500).pointers).toEqual([]);
	});
	it('of a row without times goes evenly over its stretch', () => {
		const old = stretch({ places: [0, 1, 2].map((x) => ({ node: 1, x, y: 0 })) });
		expect(shownAt([old], 'p', 2_000).pointers[0]?.place.x).toBe(1);
	});
});

describe('a drawing in a replay', () => {
	const drew = stretch({
		strokes: [
			{ node: 1, points: line(10), from: 0, to: 1_000 },
			{ node: 2, points: line(4), from: 1_500, to: 1_500 }
		]
	});
	const lengths = (moment: number): number[] =>
		shownAt([drew], 'p', moment).strokes.map(({ points }) => points.length);
	it('grows as it was drawn, then stands', () => {
		expect(lengths(999)).toEqual([]);
		expect([1_000, 1_500, 2_000, 2_500].map(lengths)).toEqual([[1], [5], [10], [10, 4]]);
	});
	it('fades a while after its end, each stroke for itself', () => {
		const [first] = shownAt([drew], 'p', 2_000 + STROKE_SHOWN_MS - 400).strokes;
		expect(first?.opacity).toBe(0.5);
		expect(lengths(2_000 + STROKE_SHOWN_MS)).toEqual([4]);
		expect(lengths(2_500 + STROKE_SHOWN_MS)).toEqual([]);
	});
	it('of a row without times is spread over its stretch', () => {
		const old = stretch({ strokes: [1, 2].map((node) => ({ node, points: line(10) })) });
		expect(shownAt([old], 'p', 1_500).strokes.map(({ points }) => points.length)).toEqual([5]);
		expect(shownAt([old], 'p', 3_000).strokes.map(({ points }) => points.length)).toEqual([10, 10]);
	});
});
