import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppendHeader, AppendReply } from '#protocol/record.ts';
import { decodeBatch, EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { Delivery, type RecordingState } from './delivery.ts';
import type { Handover, HandoverStore } from './handover.ts';
import { DROP_ABOVE_BYTES, WIDEN_ABOVE_BYTES } from './limits.ts';
import type { OpenWire, WireEvents } from './wire.ts';

const state = { mode: 'act', expiresAt: 0, idleAt: 0, hubNow: 0, frozen: null, watchers: [] } as const;
const ready = { watched: false, state: { ...state, watchers: [] } };
const watcher = { staffId: '0', name: 'Sofia', initials: 'S' };

/** The hub's half: keeps what it takes without holes, per ticket; the test decides what arrives. */
class FakeHub {
	readonly pages = new Map<string, Uint8Array[]>();
	readonly sent: { ticket: string; header: AppendHeader }[] = [];
	readonly lines: { ticket: string; handover: boolean; events: WireEvents; isOpen: boolean }[] = [];
	duplicates = 0;
	loseSends = () => false;
	loseAnswers = () => false;
	refuse: AppendReply | null = null;
	private readonly parts = new Map<string, Uint8Array[]>();

	readonly open: OpenWire = ({ ticket, handover }, events) => {
		const line = { ticket, handover, events, isOpen: true };
		this.lines.push(line);
		return {
			append: (header, bytes, reply) => {
				this.sent.push({ ticket, header });
				if (!line.isOpen || this.loseSends()) return void setTimeout(() => reply(null), 10);
				const answer = this.refuse ?? this.take({ ticket, header, bytes });
				setTimeout(() => reply(this.loseAnswers() ? null : answer), 1);
			},
			where: () => undefined,
			close: () => (line.isOpen = false)
		};
	};

	connect(ticket = 'now'): void {
		const got = (this.pages.get(ticket)?.length ?? 0) - 1;
		this.line(ticket).events.onReady({ got, ...ready });
	}

	line(ticket = 'now') {
		return this.lines.findLast((line) => line.ticket === ticket)!;
	}

	events(ticket = 'now'): RecordedEvent[] {
		return (this.pages.get(ticket) ?? []).flatMap(decodeBatch);
	}

	private take({
		ticket,
		header,
		bytes
	}: {
		ticket: string;
		header: AppendHeader;
		bytes: Uint8Array;
	}): AppendReply {
		const page = this.pages.get(ticket) ?? [];
		this.pages.set(ticket, page);
		if (header.seq > page.length) return { ok: false, refusal: 'try_later', got: page.length - 1 };
		if (header.seq < page.length) this.duplicates++;
		else {
			const key = `${ticket}/${header.seq}`;
			const pieces = this.parts.get(key) ?? [];
			this.parts.set(key, pieces);
			pieces[header.part] = bytes.slice();
			if (Object.keys(pieces).length === header.parts) page.push(Buffer.concat(pieces));
		}
		return { ok: true, got: page.length - 1 };
	}
}

class MemoryStore implements HandoverStore {
	readonly kept = new Map<string, Handover>();
	put(handover: Handover): void {
		this.kept.set(handover.pageId, handover);
	}
	all(): Promise<Handover[]> {
		return Promise.resolve([...this.kept.values()]);
	}
	remove(pageId: string): void {
		this.kept.delete(pageId);
	}
	clear(): void {
		this.kept.clear();
	}
}

const snapshot = (timestamp = 0): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp,
	data: { node: {} }
});
const change = (timestamp: number, fill = ''): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mutation, fill }
});
const move = (timestamp: number, fill = ''): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mouseMove, positions: [], fill }
});

let hub: FakeHub;
let store: MemoryStore;
let said: string[];
let ended: string[];
let recovered: { moves: number; events: number }[];
const open = (ticket = 'now', pageId = 'page'): Delivery =>
	new Delivery({
		ticket,
		pageId,
		openWire: hub.open,
		store,
		onState: () => undefined,
		onRecording: (recording: RecordingState, why) => said.push(why ? `${recording} ${why}` : recording),
		onEnded: ({ reason }) => ended.push(reason),
		onConnected: () => undefined,
		onFlush: () => undefined,
		onRecovered: (dropped) => recovered.push(dropped)
	});

beforeEach(() => {
	vi.useFakeTimers();
	hub = new FakeHub();
	store = new MemoryStore();
	[said, ended, recovered] = [[], [], []];
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
		hub.line().events.onState({ ...ready.state, watchers: [watcher] });
		delivery.push(change(3));
		await vi.advanceTimersByTimeAsync(0);
		expect(hub.events()).toHaveLength(4);
		delivery.stop();
	});
	it('says live only once the full snapshot is acknowledged', async () => {
		const delivery = open();
		delivery.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		expect(said).toEqual(['connecting']);
		hub.connect();
		expect(said).toEqual(['connecting']);
		await vi.advanceTimersByTimeAsync(5);
		expect(said).toEqual(['connecting', 'live']);
		delivery.stop();
	});
	it('says silent when nothing was acknowledged for the lease, and live again afterwards', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		hub.line().events.onDown();
		await vi.advanceTimersByTimeAsync(17_000);
		expect(said).toEqual(['connecting', 'live', 'connecting', 'silent']);
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		expect(said.at(-1)).toBe('live');
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
		expect(said.at(-1)).toBe('stopped wrong_page');
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
		expect(recovered).toEqual([{ moves: 0, events: 1 }]);
		expect(said.at(-1)).toBe('connecting');
		delivery.push(snapshot(9));
		await vi.advanceTimersByTimeAsync(5);
		expect(hub.events().map(({ timestamp }) => timestamp)).toEqual([0, 9]);
		expect(said.at(-1)).toBe('live');
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
		expect(said.at(-1)).toBe('stopped too_large');
	});
	it('flushes before it says that the impersonation ended, and wipes what is stored', async () => {
		const delivery = open();
		delivery.push(snapshot());
		hub.connect();
		await vi.advanceTimersByTimeAsync(5);
		store.put({ pageId: 'other', ticket: 'other', from: 0, batches: ['[]'] });
		delivery.push(change(7));
		hub.line().events.onEnded({ reason: 'supervisor' });
		await vi.advanceTimersByTimeAsync(100);
		expect(hub.events().at(-1)?.timestamp).toBe(7);
		expect([ended, store.kept.size]).toEqual([['supervisor'], 0]);
	});
	it('leaves pointer moves out first, then everything, and says so once there is room', async () => {
		const delivery = open();
		const large = 'x'.repeat(100_000);
		delivery.push(snapshot());
		for (let sum = 0; sum <= WIDEN_ABOVE_BYTES; sum += large.length) delivery.push(change(1, large));
		delivery.push(move(2));
		for (let sum = 0; sum <= DROP_ABOVE_BYTES; sum += large.length) delivery.push(change(3, large));
		hub.connect();
		await vi.advanceTimersByTimeAsync(3_000);
		expect(recovered).toHaveLength(1);
		expect(recovered[0]).toMatchObject({ moves: 1 });
		expect(recovered[0]!.events).toBeGreaterThan(0);
		expect(JSON.stringify(hub.events().map(({ timestamp }) => timestamp))).not.toContain('2');
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
		expect(recovered).toHaveLength(1);
		expect(
			hub
				.events()
				.slice(before)
				.map(({ timestamp }) => timestamp)
		).toEqual([12, 13]);
		second.stop();
	});
});

describe('hand-over to the next document', () => {
	it('delivers for the old page with its own ticket and wipes the copy', async () => {
		const old = open('old', 'old-page');
		hub.connect('old');
		old.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
		hub.loseSends = () => true;
		old.push(change(1));
		old.handOver();
		hub.line('old').isOpen = false;
		expect(store.kept.size).toBe(1);
		hub.loseSends = () => false;
		const next = open('next', 'next-page');
		await vi.advanceTimersByTimeAsync(0);
		hub.connect('old');
		await vi.advanceTimersByTimeAsync(50);
		expect(hub.events('old').map(({ timestamp }) => timestamp)).toEqual([0, 1]);
		expect(store.kept.size).toBe(0);
		expect(hub.line('old')).toMatchObject({ isOpen: false, handover: true });
		old.stop();
		next.stop();
	});
	it('wipes a copy that is refused', async () => {
		store.put({ pageId: 'old', ticket: 'old', from: 0, batches: ['[]'] });
		const next = open('next', 'next-page');
		await vi.advanceTimersByTimeAsync(0);
		hub.line('old').events.onRefused('impersonation_over');
		expect(store.kept.size).toBe(0);
		next.stop();
	});
	it('stores nothing when everything was acknowledged', async () => {
		const delivery = open();
		hub.connect();
		delivery.push(snapshot());
		await vi.advanceTimersByTimeAsync(5);
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
		'keeps every event, once and in order, whatever is lost: seed %i',
		async (seed) => {
			const chance = random(seed);
			hub.loseSends = () => chance() < 0.15;
			hub.loseAnswers = () => chance() < 0.15;
			const tickets: string[] = [];
			const expected = new Map<string, number[]>();
			let time = 0;
			for (let page = 0; page < 3; page++) {
				const ticket = `ticket-${page}`;
				tickets.push(ticket);
				expected.set(ticket, []);
				const delivery = open(ticket, ticket);
				await vi.advanceTimersByTimeAsync(0);
				hub.lines.filter(({ isOpen }) => isOpen).forEach(({ ticket: it }) => hub.connect(it));
				for (let step = 0; step < 120; step++) {
					const event = chance() < 0.1 ? snapshot(++time) : chance() < 0.5 ? move(++time) : change(++time);
					delivery.push(event);
					expected.get(ticket)!.push(time);
					await vi.advanceTimersByTimeAsync(chance() * 120);
					if (chance() < 0.05) hub.line(ticket).events.onDown();
					if (chance() < 0.1) hub.connect(ticket);
				}
				delivery.handOver();
				hub.line(ticket).isOpen = false;
				delivery.stop();
			}
			hub.loseSends = hub.loseAnswers = () => false;
			const last = open('last', 'last');
			await vi.advanceTimersByTimeAsync(0);
			hub.lines.filter(({ isOpen }) => isOpen).forEach(({ ticket }) => hub.connect(ticket));
			await vi.advanceTimersByTimeAsync(5_000);
			for (const ticket of tickets)
				expect(hub.events(ticket).map(({ timestamp }) => timestamp)).toEqual(expected.get(ticket));
			expect(store.kept.size).toBe(0);
			last.stop();
		}
	);
});
