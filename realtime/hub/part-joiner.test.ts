import { expect, it } from 'vitest';
import { PARTS_DEADLINE_MS } from './hub-limits.ts';
import { PartJoiner } from './part-joiner.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const part = (seq: number, n: number, parts: number) => ({ seq, part: n, parts });

it('joins parts that come in order [R2]', () => {
	const joiner = new PartJoiner();
	expect(joiner.take(part(4, 0, 2), bytes('ab'), 0)).toEqual({ done: false });
	const joined = joiner.take(part(4, 1, 2), bytes('c'), 0);
	expect('done' in joined && joined.done && Buffer.from(joined.content).toString()).toBe('abc');
});

it('refuses a part out of order, of another count or batch, and beyond the count, and keeps nothing of it [R2]', () => {
	for (const wrong of [part(4, 2, 3), part(4, 1, 2), part(5, 1, 3), part(4, 3, 3)]) {
		const joiner = new PartJoiner();
		joiner.take(part(4, 0, 3), bytes('a'), 0);
		expect(joiner.take(wrong, bytes('b'), 0)).toEqual({ error: 'malformed' });
		expect(joiner.take(part(4, 1, 3), bytes('b'), 0)).toEqual({ error: 'malformed' });
	}
});

it('takes text in one part only, and forgets the parts before it [R22]', () => {
	const joiner = new PartJoiner();
	joiner.take(part(4, 0, 2), bytes('a'), 0);
	expect(joiner.take(part(5, 0, 1), 'whole', 0)).toEqual({ done: true, content: 'whole' });
	expect(joiner.take(part(4, 1, 2), bytes('b'), 0)).toEqual({ error: 'malformed' });
	expect(joiner.take(part(6, 0, 2), 'half', 0)).toEqual({ error: 'malformed' });
});

it('gives up parts whose rest never comes', () => {
	const joiner = new PartJoiner();
	joiner.take(part(0, 0, 2), bytes('a'), 1_000);
	expect(joiner.dropStale(1_000 + PARTS_DEADLINE_MS - 1)).toBe(false);
	expect(joiner.dropStale(1_000 + PARTS_DEADLINE_MS)).toBe(true);
	expect(joiner.take(part(0, 1, 2), bytes('b'), 0)).toEqual({ error: 'malformed' });
});
