import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AssetCourier } from './asset-courier.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

type Offer = { taken: { name: string; sha256: string }[]; left: { name: string; why: string }[] };

/** A store that knows what it was sent. */
function store(answerPut: () => number = () => 204, answerPost: () => number = () => 200) {
	const offers: Offer[] = [];
	const kept = new Map<string, string>();
	const send = (async (address: string, init: RequestInit) => {
		if (init.method === 'POST') {
			offers.push(JSON.parse(String(init.body)) as Offer);
			const { taken } = offers.at(-1)!;
			const wanted = [...new Set(taken.map(({ sha256 }) => sha256))].filter((hash) => !kept.has(hash));
			return new Response(JSON.stringify({ wanted }), { status: answerPost() });
		}
		const status = answerPut();
		const [, hash = '', name = ''] = /^\/assets\/([^?]+)\?name=(.*)$/.exec(address) ?? [];
		if (status === 204) kept.set(hash, decodeURIComponent(name));
		return new Response(null, { status });
	}) as typeof fetch;
	return { offers, kept, courier: new AssetCourier({ address: '/assets', send }) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const pass = () => vi.advanceTimersByTimeAsync(60_000);

describe('the courier of pictures', () => {
	it('sends each content once, and tells of every name', async () => {
		const { offers, kept, courier } = store();
		await courier.take('recorded:/a', bytes('one'));
		await courier.take('recorded:/b', bytes('one'));
		await courier.take('recorded:/c', bytes('two'));
		courier.leave('recorded:/d', 'too-large');
		await pass();
		expect([...kept.values()]).toEqual(['recorded:/a', 'recorded:/c']);
		expect(offers.map(({ taken }) => taken.map(({ name }) => name))).toEqual([
			['recorded:/a', 'recorded:/b', 'recorded:/c'],
			['recorded:/b']
		]);
		expect(offers[0]?.left).toEqual([{ name: 'recorded:/d', why: 'too-large' }]);
	});

	it('says of what the store refuses that it was refused', async () => {
		const { offers, courier } = store(() => 400);
		await courier.take('recorded:/a', bytes('a page'));
		await pass();
		expect(offers.at(-1)).toEqual({ taken: [], left: [{ name: 'recorded:/a', why: 'refused' }] });
	});

	it('tries again where the store is busy, and gives up after a while', async () => {
		const down = store(
			() => 204,
			() => 503
		);
		await down.courier.take('recorded:/a', bytes('one'));
		await pass();
		expect(down.offers).toHaveLength(3);
		await down.courier.take('recorded:/b', bytes('two'));
		await pass();
		expect(down.offers).toHaveLength(3);
	});

	it('stops where the page is not recorded any more', async () => {
		const over = store(
			() => 204,
			() => 410
		);
		await over.courier.take('recorded:/a', bytes('one'));
		await pass();
		expect(over.offers).toHaveLength(1);
	});
});
