import { expect, it } from 'vitest';
import type { TimelineEntry } from '#domain/timeline.ts';
import { nextDone } from './commands.ts';

const entry = (at: number, kind: TimelineEntry['kind']) =>
	({ at, kind, id: `${kind}${at}` }) as TimelineEntry;
const entries = [
	entry(0, 'steer'),
	entry(10, 'view'),
	entry(20, 'action'),
	entry(30, 'refusal'),
	entry(40, 'view')
];

it.each([
	[0, 'action20'],
	[20, 'refusal30'],
	[30, undefined]
])('after %i ms the next action is %s', (at, id) => {
	expect(nextDone(entries, at)?.id).toBe(id);
});
