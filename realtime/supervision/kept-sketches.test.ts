import { expect, it } from 'vitest';
import type { Sketch } from '#protocol/help.ts';
import type { Inside } from '#server/usecases/supervision/helped-session.ts';
import { KeptSketches, type PageNow } from './kept-sketches.ts';

const SECOND = 1_000;
const of = (pageId: string, impersonationId = 'i') =>
	({ agencyId: 'a', impersonationId, staffId: 's', pageId }) as Inside;
const boxes = (count: number) => Array.from({ length: count }, () => [2, 1, 1, 9, 9]).flat();
const sketch = (count: number): Sketch => ({ width: 1280, height: 800, boxes: boxes(count), at: null });
const at =
	(address: string, isShown = true) =>
	(): PageNow => ({ address, isShown });
const gone = () => null;

/** A page that was shown on one screen after the other, so many seconds each, with so many boxes. */
function shown(...screens: [address: string, seconds: number, count: number][]): KeptSketches {
	const kept = new KeptSketches();
	let now = 0;
	for (const [address, seconds, count] of screens) {
		kept.note(of('p'), address, sketch(count), now);
		for (let second = 0; second < seconds; second++) kept.takeDue((now += SECOND), at(address));
	}
	return kept;
}
const lastOf = (kept: KeptSketches) => kept.takeAll(100 * SECOND).map((due) => due.kept.boxes.length / 5);

it('is handed out once it has stood a moment, and again only when there is a better one', () => {
	const kept = new KeptSketches();
	kept.note(of('p'), '/tasks', sketch(3), 0);
	expect(kept.takeDue(SECOND, at('/tasks'))).toEqual([]);
	expect(kept.takeDue(2 * SECOND, at('/tasks'))).toEqual([
		{
			inside: of('p'),
			kept: { takenAt: 0, shownMs: 2 * SECOND, width: 1280, height: 800, boxes: boxes(3) }
		}
	]);
	for (let now = 3; now < 30; now++) expect(kept.takeDue(now * SECOND, at('/tasks'))).toEqual([]);
	// How long it was shown is told at the end.
	expect(kept.takeDue(30 * SECOND, gone)).toMatchObject([{ kept: { shownMs: 29 * SECOND } }]);
	expect(kept.takeAll(31 * SECOND)).toEqual([]);
});

it('is of the screen that was up longest, whatever it was searched for there', () => {
	const kept = shown(['/', 4, 1], ['/tasks?q=a', 3, 2], ['/tasks?q=b#top', 3, 1], ['/invoices', 5, 3]);
	expect(lastOf(kept)).toEqual([2]);
});

it('goes on counting where the longest screen was left', () => {
	const kept = shown(['/', 5, 4], ['/tasks', 4, 2], ['/', 3, 1], ['/invoices', 6, 3]);
	expect(lastOf(kept)).toEqual([4]);
});

it('is the fullest that the screen showed, and never an empty one', () => {
	const kept = shown(['/tasks', 2, 0], ['/tasks', 2, 4], ['/tasks', 2, 9], ['/tasks', 2, 2]);
	expect(lastOf(kept)).toEqual([9]);
	expect(lastOf(shown(['/tasks', 9, 0]))).toEqual([]);
});

it('counts neither what nobody sees nor what nobody touches', () => {
	const kept = new KeptSketches();
	kept.note(of('hidden'), '/', sketch(1), 0);
	kept.note(of('still'), '/', sketch(1), 0);
	for (let now = 1; now <= 600; now++)
		kept.takeDue(now * SECOND, ({ pageId }) => at('/', String(pageId) === 'still')());
	const times = kept.takeAll(600 * SECOND).map((due) => [due.inside.pageId, due.kept.shownMs / SECOND]);
	expect(times).toEqual([
		['hidden', 0],
		['still', 60]
	]);
});

it('of a page that sends thousands is a row in fifteen seconds', () => {
	const kept = new KeptSketches();
	let written = 0;
	for (let n = 1; n <= 6_000; n++) {
		const now = n * 10;
		kept.note(of('p'), `/${n % 7}`, sketch(1 + (n % 100)), now);
		if (n % 100 === 0) written += kept.takeDue(now, at(`/${n % 7}`)).length;
	}
	expect(written).toBeGreaterThan(0);
	expect(written).toBeLessThanOrEqual(5);
});

it('ends with its session, and only with its own', () => {
	const kept = new KeptSketches();
	for (const [page, session] of [
		['p', 'one'],
		['q', 'two']
	] as const)
		kept.note(of(page, session), '/', sketch(1), 0);
	expect(kept.takeAll(SECOND, 'one').map(({ inside }) => inside.pageId)).toEqual(['p']);
	expect(kept.takeAll(SECOND).map(({ inside }) => inside.pageId)).toEqual(['q']);
});
