import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, DeliveryWorld, move, snapshot } from '#support/delivery-kit.ts';
import type { Delivery } from './delivery.ts';

let world: DeliveryWorld;
let hub: DeliveryWorld['hub'];
let store: DeliveryWorld['store'];

const open = (ticket?: string, pageId?: string): Delivery => world.open(ticket, pageId);

beforeEach(() => {
	vi.useFakeTimers();
	world = new DeliveryWorld();
	({ hub, store } = world);
});
afterEach(() => void vi.useRealTimers());

describe('pages that are gone', () => {
	const leave = async (delivery: Delivery, ticket: string): Promise<void> => {
		hub.loseSends = () => true;
		delivery.push(change(1));
		delivery.handOver();
		hub.line(ticket).isOpen = false;
		await vi.advanceTimersByTimeAsync(20);
		hub.loseSends = () => false;
	};
	const openOld = async (): Promise<Delivery> => {
		const old = open('old', 'old-page');
		hub.connect('old');
		old.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		return old;
	};
	it('are delivered for by the next one, with their own ticket, and kept until safe [R17]', async () => {
		await leave(await openOld(), 'old');
		expect(store.kept.size).toBeGreaterThan(0);
		const next = open('next', 'next-page');
		hub.connect('next');
		await vi.advanceTimersByTimeAsync(5);
		hub.connect('old');
		await vi.advanceTimersByTimeAsync(50);
		expect(hub.times('old')).toEqual([0, 1]);
		expect(hub.line('old')).toMatchObject({ isOpen: false, handover: true });
		expect(store.kept.size).toBeGreaterThan(0);
		hub.seal('old');
		const lines = hub.lines.length;
		await vi.advanceTimersByTimeAsync(5_000);
		hub.line('next').events.onBeat();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(hub.lines).toHaveLength(lines);
		hub.line('next').events.onBeat();
		await vi.advanceTimersByTimeAsync(5);
		hub.connect('old');
		await vi.advanceTimersByTimeAsync(5);
		expect(store.kept.size).toBe(0);
		next.stop();
	});
	it('are delivered for by a sibling tab that was open all the time, on a beat within the lease', async () => {
		const sibling = open('sibling', 'sibling-page');
		hub.connect('sibling');
		const old = await openOld();
		hub.loseSends = () => true;
		old.push(change(1));
		await vi.advanceTimersByTimeAsync(600);
		hub.line('sibling').events.onBeat();
		await vi.advanceTimersByTimeAsync(4_500);
		expect(hub.lines.filter(({ handover }) => handover)).toEqual([]);
		await leave(old, 'old');
		hub.line('sibling').events.onBeat();
		await vi.advanceTimersByTimeAsync(5);
		hub.connect('old');
		await vi.advanceTimersByTimeAsync(50);
		expect(hub.times('old')).toEqual([0, 1, 1]);
		sibling.stop();
	});
	it('lose their copies when refused', async () => {
		await leave(await openOld(), 'old');
		const next = open('next', 'next-page');
		hub.connect('next');
		await vi.advanceTimersByTimeAsync(5);
		hub.line('old').events.onRefused('impersonation_over');
		await vi.advanceTimersByTimeAsync(5);
		expect(store.kept.size).toBe(0);
		next.stop();
	});
	it('leave no copies under the key of another impersonation', async () => {
		store.put(['another key', 'page', 0, 'x'], { how: 'gcm', iv: new Uint8Array(), bytes: new Uint8Array() });
		const next = open('next', 'next-page');
		hub.connect('next');
		await vi.advanceTimersByTimeAsync(5);
		expect(store.kept.size).toBe(0);
		next.stop();
	});
	it('leave nothing when everything was safe, or before there was a key', async () => {
		const delivery = open();
		delivery.push(snapshot());
		delivery.handOver();
		expect(store.kept.size).toBe(0);
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		hub.seal();
		delivery.handOver();
		expect(store.kept.size).toBe(0);
		delivery.stop();
	});
});

describe('delivery under loss (seeded)', () => {
	const random = (seed: number) => () => {
		seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
		return seed / 2 ** 32;
	};
	it.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'keeps every event, once and in order, whatever is lost and however often the hub forgets: seed %i',
		async (seed) => {
			const chance = random(seed);
			hub.loseSends = () => chance() < 0.15;
			hub.loseAnswers = () => chance() < 0.15;
			const expected = new Map<string, number[]>();
			let time = 0;
			for (let page = 0; page < 3; page++) {
				const ticket = `ticket-${page}`;
				expected.set(ticket, []);
				const delivery = open(ticket, ticket);
				hub.connectAll();
				for (let step = 0; step < 120; step++) {
					const event = chance() < 0.1 ? snapshot(++time) : chance() < 0.5 ? move(++time) : change(++time);
					delivery.push(event);
					expected.get(ticket)!.push(time);
					await vi.advanceTimersByTimeAsync(chance() * 120);
					if (chance() < 0.05) hub.line(ticket).events.onDown();
					if (chance() < 0.1) hub.connect(ticket);
					if (chance() < 0.05) hub.seal(ticket);
					if (chance() < 0.05) {
						const safe = hub.safe.get(ticket) ?? -1;
						hub.crash(safe + Math.floor(chance() * (hub.got(ticket) - safe)), ticket);
					}
				}
				delivery.handOver();
				hub.line(ticket).isOpen = false;
				delivery.stop();
			}
			hub.loseSends = hub.loseAnswers = () => false;
			const last = open('last', 'last');
			for (let round = 0; round < 8; round++) {
				hub.connectAll();
				hub.line('last').events.onBeat();
				await vi.advanceTimersByTimeAsync(5_000);
			}
			for (const [ticket, times] of expected) expect(hub.times(ticket)).toEqual(times);
			for (const ticket of expected.keys()) hub.seal(ticket);
			for (let round = 0; round < 6; round++) {
				hub.line('last').events.onBeat();
				await vi.advanceTimersByTimeAsync(5_000);
				hub.connectAll();
			}
			await vi.advanceTimersByTimeAsync(100);
			expect(store.kept.size).toBe(0);
			last.stop();
		}
	);
});
