import { describe, expect, it } from 'vitest';
import { maskedStretches, maskedWords, type PageMask } from './masked-stretches.ts';

const START = 1_700_000_000_000;
const turn = (pageId: string, at: number) => ({ pageId, from: START + at });
const mask = (pageId: string, from: number, to: number, kind: PageMask['kind'] = 'personal'): PageMask => ({
	pageId,
	kind,
	from: START + from,
	to: START + to
});
const stretches = (turns: ReturnType<typeof turn>[], masks: PageMask[]) =>
	maskedStretches({ startedAt: START, lengthMs: 100_000, turns, masks }).map(({ kind, from, to }) => [
		kind,
		from,
		to
	]);

describe('maskedStretches', () => {
	it('are those of the page that is on the screen', () => {
		expect(stretches([turn('a', 500)], [mask('a', 10_000, 20_000), mask('a', 40_000, 60_000)])).toEqual([
			['personal', 10_000, 20_000],
			['personal', 40_000, 60_000]
		]);
	});
	it('are cut where another page comes to the screen, and go on where it is back', () => {
		const turns = [turn('a', 500), turn('b', 30_000), turn('b', 35_000), turn('a', 50_000)];
		expect(stretches(turns, [mask('a', 10_000, 90_000)])).toEqual([
			['personal', 10_000, 30_000],
			['personal', 50_000, 90_000]
		]);
		expect(stretches([turn('a', 0), turn('b', 10_000)], [mask('a', 20_000, 90_000)])).toEqual([]);
	});
	it('go on from page to page where both mask, over the moment without a picture between them', () => {
		const turns = [turn('a', 0), turn('b', 30_000)];
		expect(stretches(turns, [mask('a', 10_000, 29_800), mask('b', 30_400, 50_000)])).toEqual([
			['personal', 10_000, 50_000]
		]);
	});
	it('are told kind by kind', () => {
		const masks = [mask('a', 10_000, 20_000, 'withheld'), mask('a', 0, 50_000)];
		expect(stretches([turn('a', 0)], masks)).toEqual([
			['personal', 0, 50_000],
			['withheld', 10_000, 20_000]
		]);
	});
	it('last until the end where what is masked never went, or until another page comes', () => {
		expect(stretches([turn('a', 0)], [mask('a', 40_000, Infinity)])).toEqual([['personal', 40_000, 100_000]]);
		expect(stretches([turn('a', 0), turn('b', 70_000)], [mask('a', 40_000, Infinity)])).toEqual([
			['personal', 40_000, 70_000]
		]);
	});
	it('are no more than a timeline can show, however often two pages take turns', () => {
		const day = 24 * 3_600_000;
		const turns = Array.from({ length: 20_000 }, (_, n) => turn(n % 2 ? 'b' : 'a', (n * day) / 20_000));
		const masks = [mask('a', 0, day)];
		const found = maskedStretches({ startedAt: START, lengthMs: day, turns, masks });
		expect(found.length).toBeLessThanOrEqual(2_000);
		expect(found.at(-1)?.to).toBeGreaterThan(0.99 * day);
	});
	it('lie within the recording', () => {
		expect(stretches([turn('a', -400)], [mask('a', -400, 300_000)])).toEqual([['personal', 0, 100_000]]);
		expect(stretches([], [mask('a', 0, 10_000)])).toEqual([]);
	});
});

describe('maskedWords', () => {
	const all = [
		{ kind: 'personal', from: 0, to: 20 },
		{ kind: 'withheld', from: 10, to: 30 }
	] as const;
	it.each([
		[0, 'masked'],
		[15, 'masked, partly for good'],
		[20, 'masked for good'],
		[30, null]
	])('at %i ms says %s', (at, words) => {
		expect(maskedWords(all, at)).toBe(words);
	});
});
