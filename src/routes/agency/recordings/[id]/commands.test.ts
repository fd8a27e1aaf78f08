import { expect, it } from 'vitest';
import type { TimelineEntry } from '#domain/timeline.ts';
import { KEY_MAP, neighbourPage, nextDone, otherSpeed, previousDone } from './commands.ts';

const entry = (at: number, kind: TimelineEntry['kind']) =>
	({ at, kind, id: `${kind}${at}` }) as TimelineEntry;
const entries = [
	entry(0, 'steer'),
	entry(10_000, 'view'),
	entry(20_000, 'action'),
	entry(30_000, 'refusal'),
	entry(40_000, 'view')
];

it.each([
	[0, 'action20000', undefined],
	[20_000, 'refusal30000', undefined],
	[25_000, 'refusal30000', 'action20000'],
	[30_500, undefined, 'action20000'],
	[45_000, undefined, 'refusal30000']
])('around %i ms the next action is %s, the one before %s', (at, next, previous) => {
	expect(nextDone(entries, at)?.id).toBe(next);
	expect(previousDone(entries, at)?.id).toBe(previous);
});

it.each([
	[0, 10_000, null],
	[10_500, 30_000, 0],
	[15_000, 30_000, 10_000],
	[35_000, null, 30_000]
])('at %i ms the next page begins at %s and the one before at %s', (at, next, previous) => {
	const chapters = [{ from: 0 }, { from: 10_000 }, { from: 30_000 }];
	expect(neighbourPage(chapters, at, 1)).toBe(next);
	expect(neighbourPage(chapters, at, -1)).toBe(previous);
});

it('steps through the speeds and stays at either end', () => {
	expect([otherSpeed(1, 1), otherSpeed(1, -1), otherSpeed(16, 1), otherSpeed(0.5, -1)]).toEqual([
		2, 0.5, 16, 0.5
	]);
});

it('gives no key two meanings', () => {
	const keys = KEY_MAP.flatMap(({ keys: rows }) => rows).flatMap(({ keys: names }) => names);
	expect(new Set(keys).size).toBe(keys.length);
});
