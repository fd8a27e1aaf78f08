import { afterEach, expect, it, vi } from 'vitest';
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import { PageOrders } from './page-orders.ts';

afterEach(() => void vi.useRealTimers());

const ORDER: ControlOrder = {
	id: 'c',
	impersonationId: 'i',
	pageId: 'p',
	seq: 1,
	deed: { kind: 'key', key: 'Enter' }
};

/** Two hubs that hear each other at once; the page is at the second. */
function pair(askHere: (order: ControlOrder) => Promise<unknown> | null) {
	const hubs: PageOrders[] = [];
	const make = (hubId: string, asks: typeof askHere) =>
		new PageOrders({
			hubId,
			askHere: asks,
			isElsewhere: () => true,
			say: (request, order) => hubs.forEach((hub) => void hub.hear(request, order)),
			answer: (request, answer) => hubs.forEach((hub) => hub.hearAnswer(request, answer))
		});
	hubs.push(
		make('a', () => null),
		make('b', askHere)
	);
	return hubs[0] as PageOrders;
}

it('asks the page here, and takes no answer that is none', async () => {
	const said: unknown[] = ['covered', 'rm -rf', { answer: 'done' }];
	const here = new PageOrders({
		hubId: 'a',
		askHere: () => Promise.resolve(said.shift()),
		isElsewhere: () => false,
		say: () => expect.unreachable(),
		answer: () => expect.unreachable()
	});
	expect(await here.send(ORDER)).toBe('covered');
	expect(await here.send(ORDER)).toBe('unreachable');
	expect(await here.send(ORDER)).toBe('unreachable');
});

it('reaches a page at another hub, each answer to its own order [K7]', async () => {
	const answers: ControlAnswer[] = ['done', 'stale'];
	const orders = pair(() => Promise.resolve(answers.shift()));
	expect(await Promise.all([orders.send(ORDER), orders.send(ORDER)])).toEqual(['done', 'stale']);
});

it('does not wait for ever for a page that says nothing, or that is nowhere [K7]', async () => {
	vi.useFakeTimers();
	const silent = pair(() => null).send(ORDER);
	await vi.advanceTimersByTimeAsync(3_000);
	expect(await silent).toBe('unreachable');
	const failing = pair(() => Promise.reject(new Error('timeout')));
	expect(await failing.send(ORDER)).toBe('unreachable');
});
