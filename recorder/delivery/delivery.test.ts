import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	change,
	DeliveryWorld,
	move,
	scroll,
	sessionState,
	snapshot,
	watcher
} from '#support/delivery-kit.ts';
import { EVENT } from '../format/events.ts';
import type { Delivery } from './delivery.ts';
import { DROP_ABOVE_BYTES, DROP_SCROLLS_ABOVE_BYTES, WIDEN_ABOVE_BYTES } from './limits.ts';

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

describe('delivery of a page', () => {
	it('sends interaction and snapshots at once, quiet changes after a quarter of a second, everything while watched', async () => {
		const delivery = open();
		hub.connect();
		delivery.push(snapshot());
		delivery.push(change(1));
		await vi.advanceTimersByTimeAsync(0);
		expect(hub.events()).toHaveLength(2);
		delivery.push(change(2));
		await vi.advanceTimersByTimeAsync(200);
		expect(hub.events()).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(60);
		expect(hub.events()).toHaveLength(3);
		hub.line().events.onState({ ...sessionState, watchers: [watcher] });
		delivery.push(change(3));
		await vi.advanceTimersByTimeAsync(0);
		expect(hub.events()).toHaveLength(4);
		delivery.stop();
	});
	it('says live only once the full snapshot is acknowledged', async () => {
		const delivery = open();
		delivery.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		expect(world.said).toEqual(['connecting']);
		hub.connect();
		expect(world.said).toEqual(['connecting']);
		await vi.advanceTimersByTimeAsync(5);
		expect(world.said).toEqual(['connecting', 'live']);
		delivery.stop();
	});
	it('says silent when nothing was acknowledged for the lease, and live again afterwards', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		hub.line().events.onDown();
		await vi.advanceTimersByTimeAsync(17_000);
		expect(world.said).toEqual(['connecting', 'live', 'connecting', 'silent']);
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		expect(world.said.at(-1)).toBe('live');
		delivery.stop();
	});
	it('cuts a large batch into parts the hub takes', async () => {
		const delivery = open();
		hub.connect();
		delivery.push({ ...snapshot(), data: { node: 'x'.repeat(700_000) } });
		await vi.advanceTimersByTimeAsync(5);
		expect(hub.sent.map(({ header }) => header.parts)).toEqual([3, 3, 3]);
		expect(JSON.stringify(hub.events())).toContain('x'.repeat(700_000));
		delivery.stop();
	});
	it('stops for good when refused, and says why', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.refuse = { ok: false, refusal: 'wrong_page', got: -1 };
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		expect(world.said.at(-1)).toBe('stopped wrong_page');
		delivery.push(change(1));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(hub.line().isOpen).toBe(false);
	});
	it('sends a new snapshot under the number of a batch the hub could not use [R5]', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		hub.refuse = { ok: false, refusal: 'malformed', got: 0 };
		delivery.push(change(1));
		await vi.advanceTimersByTimeAsync(300);
		hub.refuse = null;
		expect(world.recovered).toEqual([{ moves: 0, scrolls: 0, events: 1 }]);
		expect(world.wanted).toEqual(['now']);
		expect(world.said.at(-1)).toBe('connecting');
		delivery.push(snapshot(9));
		await vi.advanceTimersByTimeAsync(5);
		expect(hub.events().map(({ timestamp }) => timestamp)).toEqual([0, 9]);
		expect(world.said.at(-1)).toBe('live');
		delivery.stop();
	});
	it('keeps no copy of a batch the hub could not use: its number is another’s now', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		hub.seal();
		hub.refuse = { ok: false, refusal: 'malformed', got: 0 };
		hub.loseSends = () => true;
		delivery.push(change(1));
		await vi.advanceTimersByTimeAsync(600);
		expect(store.kept.size).toBe(1);
		hub.loseSends = () => false;
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		expect(store.kept.size).toBe(0);
		delivery.stop();
	});
	it('sends and copies on the hub’s beat, too, since timers of a hidden tab sleep', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(300);
		hub.seal();
		delivery.push(change(1));
		hub.line().events.onBeat();
		await vi.advanceTimersByTimeAsync(0);
		expect(hub.times()).toEqual([0, 1]);
		expect(store.kept.size).toBe(1);
		delivery.stop();
	});
	it('gives up when every snapshot is refused', async () => {
		const delivery = open();
		hub.refuse = { ok: false, refusal: 'too_large', got: -1 };
		hub.connect();
		for (let attempt = 0; attempt < 5; attempt++) {
			delivery.push(snapshot(attempt));
			await vi.advanceTimersByTimeAsync(5);
		}
		expect(world.said.at(-1)).toBe('stopped too_large');
	});
	it('flushes before it says that the impersonation world.ended, and wipes what is stored', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		delivery.push(change(7));
		await vi.advanceTimersByTimeAsync(300);
		expect(store.kept.size).toBeGreaterThan(0);
		delivery.push(change(8));
		hub.line().events.onEnded({ reason: 'supervisor' });
		await vi.advanceTimersByTimeAsync(100);
		expect(hub.times().at(-1)).toBe(8);
		expect([world.ended, store.kept.size]).toEqual([['supervisor'], 0]);
	});
	it('leaves out pointer moves first, then scrolling, then everything, and says so once there is room', async () => {
		const delivery = open();
		const large = 'x'.repeat(100_000);
		delivery.push(snapshot());
		for (let sum = 0; sum <= WIDEN_ABOVE_BYTES; sum += large.length) delivery.push(change(1, large));
		delivery.push(move(2));
		delivery.push(scroll(3));
		for (let sum = 0; sum <= DROP_SCROLLS_ABOVE_BYTES; sum += large.length) delivery.push(change(4, large));
		delivery.push(scroll(5));
		for (let sum = 0; sum <= DROP_ABOVE_BYTES; sum += large.length) delivery.push(change(6, large));
		hub.connect();
		await vi.advanceTimersByTimeAsync(3_000);
		expect(world.recovered).toHaveLength(1);
		expect(world.recovered[0]).toMatchObject({ moves: 1, scrolls: 1 });
		expect(world.recovered[0]!.events).toBeGreaterThan(0);
		expect([...new Set(hub.times())]).toEqual([0, 1, 3, 4, 6]);
		expect(world.wanted).toEqual(['now']);
		delivery.stop();
	});
});

describe('a second recorder on the same document', () => {
	it('goes on after the numbers of the first one, with a full snapshot of its own', async () => {
		const first = open();
		hub.connect();
		first.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		first.push(change(1));
		await vi.advanceTimersByTimeAsync(300);
		first.stop();
		const second = open();
		second.push(snapshot(10));
		hub.connect();
		second.push(change(11));
		await vi.advanceTimersByTimeAsync(2_000);
		const before = hub.events().length;
		second.push(snapshot(12));
		second.push(change(13));
		await vi.advanceTimersByTimeAsync(2_000);
		expect(hub.duplicates).toBe(0);
		expect(world.recovered).toHaveLength(1);
		expect(
			hub
				.events()
				.slice(before)
				.map(({ timestamp }) => timestamp)
		).toEqual([12, 13]);
		second.stop();
	});
});

describe('batches that are not safe yet', () => {
	const recordThree = async (): Promise<Delivery> => {
		const delivery = open();
		hub.connect();
		delivery.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		for (const time of [1, 2]) {
			delivery.push(change(time));
			await vi.advanceTimersByTimeAsync(300);
		}
		expect(hub.times()).toEqual([0, 1, 2]);
		return delivery;
	};
	it('are sent again when the hub lost what it had acknowledged [R13]', async () => {
		const delivery = await recordThree();
		hub.crash(0);
		delivery.push(change(3));
		await vi.advanceTimersByTimeAsync(300);
		hub.connect();
		await vi.advanceTimersByTimeAsync(50);
		expect(hub.times()).toEqual([0, 1, 2, 3]);
		expect([world.recovered, world.wanted, world.said.at(-1)]).toEqual([[], [], 'live']);
		delivery.stop();
	});
	it('are let go once safe, in memory and in the browser', async () => {
		const delivery = await recordThree();
		await vi.advanceTimersByTimeAsync(300);
		expect(store.kept.size).toBeGreaterThan(0);
		hub.seal();
		expect(store.kept.size).toBe(0);
		delivery.stop();
	});
	it('what cannot be sent again is marked under its own numbers, and photographed anew [R13]', async () => {
		const delivery = await recordThree();
		hub.seal();
		hub.crash(0);
		delivery.push(change(3));
		await vi.advanceTimersByTimeAsync(300);
		hub.safe.clear();
		hub.connect();
		await vi.advanceTimersByTimeAsync(50);
		const marked = hub.events().filter(({ type }) => type === EVENT.custom);
		expect(marked.map(({ data }) => data)).toEqual(
			[1, 2].map(() => ({ tag: 'dropped', payload: { moves: 0, scrolls: 0, events: 1 } }))
		);
		expect(hub.got()).toBe(3);
		expect([world.wanted, world.said.at(-1)]).toEqual([['now'], 'connecting']);
		delivery.push(snapshot(9));
		await vi.advanceTimersByTimeAsync(50);
		expect(world.said.at(-1)).toBe('live');
		delivery.stop();
	});
	it('count as safe when acknowledged, where the hub knows of one watermark only', async () => {
		hub.tellsSafe = false;
		const delivery = await recordThree();
		await vi.advanceTimersByTimeAsync(300);
		expect(store.kept.size).toBe(0);
		delivery.stop();
	});
	it('are asked for a snapshot in an idle moment when the hub wants one [R15]', async () => {
		const delivery = await recordThree();
		hub.line().events.onSnapshotWanted();
		expect(world.wanted).toEqual(['idle']);
		delivery.stop();
	});
	it('begin a new batch when the wall clock was set, each with its own reading of both clocks [R16]', async () => {
		const delivery = await recordThree();
		const wall = Date.now();
		delivery.push(change(3));
		vi.setSystemTime(wall + 3_600_000);
		delivery.push(change(4));
		await vi.advanceTimersByTimeAsync(300);
		const [before, after] = hub.sent.slice(-2).map(({ header }) => header.clock!);
		expect(after!.wall - before!.wall).toBeGreaterThanOrEqual(3_600_000);
		expect(after!.mono - before!.mono).toBeLessThan(1_000);
		expect(hub.times()).toEqual([0, 1, 2, 3, 4]);
		delivery.stop();
	});
});
