// What a page's delivery talks to, in memory: a hub that keeps what it takes without holes, the browser's store and locks.
// The test decides what arrives, what is sealed and what the hub forgets.
import type { AppendHeader, AppendReply } from '#protocol/record.ts';
import type { Dropped } from '#recorder/delivery/batcher.ts';
import type { CopyKey, CopySeal, OpenSeal, Sealed } from '#recorder/delivery/copy-seal.ts';
import type { CopyStore } from '#recorder/delivery/copy-store.ts';
import { Delivery } from '#recorder/delivery/delivery.ts';
import type { PageLocks } from '#recorder/delivery/page-lock.ts';
import type { OpenWire, WireEvents } from '#recorder/delivery/wire.ts';
import { decodeBatch, EVENT, SOURCE, type RecordedEvent } from '#recorder/format/events.ts';

const state = { mode: 'act', expiresAt: 0, idleAt: 0, hubNow: 0, frozen: null } as const;
export const sessionState = { ...state, watchers: [] as never[] };
export const watcher = { staffId: '0', name: 'Sofia', initials: 'S' };

type Line = { ticket: string; handover: boolean; events: WireEvents; isOpen: boolean };

/** The hub's half, per ticket. */
class FakeHub {
	readonly pages = new Map<string, Uint8Array[]>();
	readonly sent: { ticket: string; header: AppendHeader }[] = [];
	readonly lines: Line[] = [];
	/** Highest sealed number by ticket; a hub without any tells none. */
	readonly safe = new Map<string, number>();
	tellsSafe = true;
	duplicates = 0;
	loseSends = (): boolean => false;
	loseAnswers = (): boolean => false;
	refuse: AppendReply | null = null;
	private readonly parts = new Map<string, Uint8Array[]>();

	readonly open: OpenWire = ({ ticket, handover }, events) => {
		const line = { ticket, handover, events, isOpen: true };
		this.lines.push(line);
		return {
			append: (header, bytes, reply) => {
				this.sent.push({ ticket, header });
				if (!line.isOpen || this.loseSends()) return void setTimeout(() => reply(null), 10);
				const answer = this.refuse ?? this.take(ticket, header, bytes);
				setTimeout(() => reply(this.loseAnswers() ? null : answer), 1);
			},
			where: () => undefined,
			close: () => (line.isOpen = false)
		};
	};

	connect(ticket = 'now'): void {
		this.line(ticket).events.onReady({
			got: this.got(ticket),
			...(this.tellsSafe && { safe: this.safe.get(ticket) ?? -1 }),
			storeKey: 'key',
			watched: false,
			state: sessionState
		});
	}

	connectAll(): void {
		for (const { ticket } of this.lines.filter(({ isOpen }) => isOpen)) this.connect(ticket);
	}

	/** Seals everything it has of a page and says so. */
	seal(ticket = 'now'): void {
		this.safe.set(ticket, this.got(ticket));
		for (const line of this.lines)
			if (line.isOpen && line.ticket === ticket) line.events.onSafe(this.got(ticket));
	}

	/** Loses everything above this number, as a crash loses what was not on the disk. */
	crash(keeps: number, ticket = 'now'): void {
		this.pages.get(ticket)?.splice(keeps + 1);
		for (const line of this.lines) if (line.isOpen) line.events.onDown();
	}

	line(ticket = 'now'): Line {
		const line = this.lines.findLast((it) => it.ticket === ticket);
		if (!line) throw new Error(`Nobody connected with ticket ${ticket}`);
		return line;
	}

	got(ticket = 'now'): number {
		return (this.pages.get(ticket)?.length ?? 0) - 1;
	}

	events(ticket = 'now'): RecordedEvent[] {
		return (this.pages.get(ticket) ?? []).flatMap(decodeBatch);
	}

	times(ticket = 'now'): number[] {
		return this.events(ticket).map(({ timestamp }) => timestamp);
	}

	private take(ticket: string, header: AppendHeader, bytes: Uint8Array): AppendReply {
		const page = this.pages.get(ticket) ?? [];
		this.pages.set(ticket, page);
		if (header.seq > page.length) return { ok: false, refusal: 'try_later', got: page.length - 1 };
		if (header.seq < page.length) this.duplicates++;
		else {
			const key = `${ticket}/${header.seq}`;
			const pieces = this.parts.get(key) ?? [];
			this.parts.set(key, pieces);
			pieces[header.part] = bytes.slice();
			if (Object.keys(pieces).length === header.parts) {
				page.push(Buffer.concat(pieces));
				this.parts.delete(key);
			}
		}
		return { ok: true, got: page.length - 1 };
	}
}

/** The browser's store, shared by the pages of a test. */
class MemoryStore implements CopyStore {
	readonly kept = new Map<string, { key: CopyKey; sealed: Sealed }>();

	put(key: CopyKey, sealed: Sealed): void {
		this.kept.set(key.join('/'), { key, sealed });
	}
	putLast(key: CopyKey, sealed: Sealed): void {
		this.put(key, sealed);
	}
	pages(name: string): Promise<string[]> {
		const all = [...this.kept.values()].filter(({ key }) => key[0] === name);
		return Promise.resolve([...new Set(all.map(({ key }) => key[1]))]);
	}
	read(name: string, pageId: string): Promise<Sealed[]> {
		const all = [...this.kept.values()].filter(({ key }) => key[0] === name && key[1] === pageId);
		return Promise.resolve(all.map(({ sealed }) => sealed));
	}
	remove(key: CopyKey): void {
		this.kept.delete(key.join('/'));
	}
	removePage(name: string, pageId: string): void {
		for (const { key } of this.kept.values()) if (key[0] === name && key[1] === pageId) this.remove(key);
	}
	wipe(name: string): void {
		for (const { key } of this.kept.values()) if (key[0] === name) this.remove(key);
	}
	wipeOthers(name: string): Promise<void> {
		for (const { key } of this.kept.values()) if (key[0] !== name) this.remove(key);
		return Promise.resolve();
	}
}

class MemoryLocks implements PageLocks {
	private readonly held = new Set<string>();

	hold(pageId: string): () => void {
		this.held.add(pageId);
		return () => this.held.delete(pageId);
	}

	async ifGone(pageId: string, work: () => Promise<void>): Promise<void> {
		if (this.held.has(pageId)) return;
		const letGo = this.hold(pageId);
		await work().finally(letGo);
	}
}

/** Seals by doing nothing, at once: real crypto answers outside of a test's clock. */
const openPlainSeal: OpenSeal = (storeKey) => {
	const seal: CopySeal = {
		name: storeKey,
		seal: (bytes) => Promise.resolve({ how: 'gcm', iv: new Uint8Array(), bytes }),
		sealNow: (bytes) => ({ how: 'ctr', iv: new Uint8Array(), bytes }),
		open: ({ bytes }) => Promise.resolve(bytes)
	};
	return Promise.resolve(seal);
};

export const snapshot = (timestamp = 0): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp,
	data: { node: {} }
});

const incremental =
	(source: number) =>
	(timestamp: number, fill = ''): RecordedEvent => ({
		type: EVENT.incremental,
		timestamp,
		data: { source, fill, positions: [] }
	});

export const change = incremental(SOURCE.mutation);
export const move = incremental(SOURCE.mouseMove);
export const scroll = incremental(SOURCE.scroll);

/** One browser and its hub; `open` opens a page that is recorded. */
export class DeliveryWorld {
	readonly hub = new FakeHub();
	readonly store = new MemoryStore();
	readonly said: string[] = [];
	readonly ended: string[] = [];
	readonly recovered: Dropped[] = [];
	/** When a full snapshot was wanted. */
	readonly wanted: string[] = [];
	private readonly locks = new MemoryLocks();

	open(ticket = 'now', pageId = 'page'): Delivery {
		return new Delivery({
			ticket,
			pageId,
			openWire: this.hub.open,
			store: this.store,
			locks: this.locks,
			openSeal: openPlainSeal,
			onState: () => undefined,
			onRecording: (recording, why) => this.said.push(why ? `${recording} ${why}` : recording),
			onEnded: ({ reason }) => this.ended.push(reason),
			onConnected: () => undefined,
			onFlush: () => undefined,
			onRecovered: (dropped) => this.recovered.push(dropped),
			onSnapshotWanted: (when) => this.wanted.push(when)
		});
	}
}
