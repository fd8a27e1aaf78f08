import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import { mergeFigures, readFigures } from './merge-figures.ts';

const figure = (name: string, ours: number): Figure => ({
	figure: name,
	unit: 'ms',
	ours,
	baseline: 10,
	baselineName: 'the same, plain',
	ratio: ours / 10
});
const MONDAY = '2026-11-23T08:00:00.000Z';
const TUESDAY = '2026-11-24T08:00:00.000Z';

describe('the figures of a run', () => {
	it('replace those of their name and leave the others, each with the time it was measured', () => {
		const known = mergeFigures([], [figure('a', 1), figure('b', 2)], MONDAY);
		expect(mergeFigures(known, [figure('c', 3), figure('a', 4)], TUESDAY)).toEqual([
			{ ...figure('a', 4), measuredAt: TUESDAY },
			{ ...figure('b', 2), measuredAt: MONDAY },
			{ ...figure('c', 3), measuredAt: TUESDAY }
		]);
	});

	it('are read from a file of before, which has no times, and from none', () => {
		expect(readFigures(null)).toEqual([]);
		expect(readFigures(JSON.stringify([figure('a', 1)]))).toEqual([figure('a', 1)]);
	});

	it.each(['{}', '[1]', '[{"name":"a"}]', '[null]'])('are not written over %s', (text) => {
		expect(() => readFigures(text)).toThrow(/no list of figures/);
	});
});
