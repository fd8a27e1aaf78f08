import { expect, it } from 'vitest';
import { turnsOf } from './turns.ts';

it('is the page last opened or acted on, whatever else is open', () => {
	const turns = turnsOf([
		{ pageId: 'a', startsAt: 100, acts: [150, 400] },
		{ pageId: 'b', startsAt: 200, acts: [300] }
	]);
	expect(turns.map(({ from, pageId }) => [from, pageId])).toEqual([
		[100, 'a'],
		[150, 'a'],
		[200, 'b'],
		[300, 'b'],
		[400, 'a']
	]);
});

it('is, of two at one moment, the page that was opened later', () => {
	const turns = turnsOf([
		{ pageId: 'a', startsAt: 100, acts: [200] },
		{ pageId: 'b', startsAt: 200, acts: [] }
	]);
	expect(turns.at(-1)?.pageId).toBe('b');
});
