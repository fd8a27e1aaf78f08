import { describe, expect, it } from 'vitest';
import { FairQueue, type Author } from './fair-queue.ts';

const of = (agencyId: string, pageId = `${agencyId}’s page`): Author => ({ agencyId, pageId });

/** Takes all that waits, each costing as much as told. */
function drain(queue: FairQueue<{ author: Author; ms: number; name: string }>, most = 100): string[] {
	const names: string[] = [];
	for (; most > 0; most--) {
		const item = queue.take();
		if (!item) break;
		names.push(item.name);
		queue.spend(item.author, item.ms);
	}
	return names;
}

const filled = (items: readonly [Author, number, string][]) => {
	const queue = new FairQueue<{ author: Author; ms: number; name: string }>();
	for (const [author, ms, name] of items) queue.push(author, { author, ms, name });
	return queue;
};

describe('a fair queue', () => {
	it('keeps the order of one page', () => {
		const page = of('a');
		const names = ['1', '2', '3'];
		expect(drain(filled(names.map((name) => [page, 5, name])))).toEqual(names);
	});

	it('gives agencies the same time, however many batches or pages each brings', () => {
		const greedy = Array.from({ length: 30 }, (_, n): [Author, number, string] => [
			of('greedy', `p${n}`),
			100,
			'g'
		]);
		const modest = Array.from({ length: 10 }, (_, n): [Author, number, string] => [
			of('modest', `q${n % 2}`),
			100,
			'm'
		]);
		const first = drain(filled([...greedy, ...modest])).slice(0, 20);
		expect(first.filter((name) => name === 'm')).toHaveLength(10);
	});

	it('weighs by time: who costs ten times as much comes a tenth as often', () => {
		const dear = Array.from({ length: 20 }, (): [Author, number, string] => [of('dear'), 1_000, 'd']);
		const cheap = Array.from({ length: 40 }, (): [Author, number, string] => [of('cheap'), 100, 'c']);
		const first = drain(filled([...dear, ...cheap])).slice(0, 33);
		expect(first.filter((name) => name === 'd').length).toBeLessThanOrEqual(4);
	});

	it('gives who comes late no credit for the time before', () => {
		const queue = filled([[of('old'), 5_000, 'o1']]);
		expect(drain(queue)).toEqual(['o1']);
		for (const n of [1, 2, 3]) queue.push(of('old'), { author: of('old'), ms: 10, name: `o${n}` });
		for (const n of [1, 2, 3]) queue.push(of('new'), { author: of('new'), ms: 10_000, name: `n${n}` });
		// The newcomer is first once, and then waits for as long as it took.
		expect(drain(queue).slice(0, 4)).toEqual(['n1', 'o1', 'o2', 'o3']);
	});

	it('takes the pages of one agency by turns', () => {
		const page = (n: number): [Author, number, string] => [of('a', `p${n}`), 5, `p${n}`];
		expect(drain(filled([page(1), page(1), page(1), page(2), page(3)]))).toEqual([
			'p1',
			'p2',
			'p3',
			'p1',
			'p1'
		]);
	});

	it('lets nobody starve behind agencies without end, each of which comes once', () => {
		const queue = filled(
			Array.from({ length: 3 }, (): [Author, number, string] => [of('patient'), 100, 'patient'])
		);
		const names: string[] = [];
		for (let n = 0; n < 12; n++) {
			queue.push(of(`new ${n}`), { author: of(`new ${n}`), ms: 100, name: 'new' });
			names.push(...drain(queue, 1));
		}
		expect(names.filter((name) => name === 'patient')).toHaveLength(3);
	});

	it('tries again first what was put back', () => {
		const queue = filled([[of('a'), 1, 'next']]);
		queue.putBack(of('a'), { author: of('a'), ms: 1, name: 'again' });
		expect(drain(queue)).toEqual(['again', 'next']);
		expect(queue.size).toBe(0);
	});

	it('remembers nobody for ever', () => {
		const queue = new FairQueue<{ author: Author; ms: number; name: string }>();
		for (let n = 0; n < 500; n++) {
			const author = of(`agency ${n % 50}`, `page ${n}`);
			queue.push(author, { author, ms: 1 + (n % 7), name: 'x' });
			drain(queue, 1);
		}
		expect(queue.remembered).toBeLessThan(60);
	});
});
