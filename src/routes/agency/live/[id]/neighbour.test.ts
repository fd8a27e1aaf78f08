import { expect, it } from 'vitest';
import { neighbour } from './neighbour.ts';

const list = ['a', 'b', 'c'].map((impersonationId) => ({ impersonationId }));

it.each([
	['a', 1, 'b'],
	['c', 1, 'a'],
	['a', -1, 'c'],
	['gone', 1, 'a'],
	['gone', -1, 'c']
])('from %s by %i leads to %s', (from, step, to) => {
	expect(neighbour(list, from, step)).toBe(to);
});

it('leads nowhere when there is no other session', () => {
	expect(neighbour([{ impersonationId: 'a' }], 'a', 1)).toBeNull();
	expect(neighbour([], 'a', 1)).toBeNull();
});
