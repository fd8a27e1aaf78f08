import { expect, it } from 'vitest';
import type { HelpMessage } from '#protocol/help.ts';
import { mergeMessages, unknownOf } from './merge-messages.ts';

const line = (id: string, at: number): HelpMessage => ({
	id,
	at,
	by: { staffId: 's', name: 'Sofia' },
	isInside: false,
	text: id
});

it('shows each line once and in order, whichever way it came first', () => {
	const merged = mergeMessages([line('b', 2)], [line('a', 1), line('b', 2), line('c', 3)]);
	expect(merged.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
	expect(unknownOf(merged, [line('c', 3), line('d', 4)]).map(({ id }) => id)).toEqual(['d']);
});

it('keeps the latest of very many', () => {
	const many = Array.from({ length: 400 }, (_, n) => line(String(n), n));
	expect(mergeMessages([], many).map(({ at }) => at)).toEqual(Array.from({ length: 300 }, (_, n) => n + 100));
});
