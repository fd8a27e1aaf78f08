// Listens to what a real page and the hub say to each other, from outside of both: which batches the page sent, and which
// of them it was promised. Nothing in the page is touched for it.
import type { Page, WebSocket } from '@playwright/test';
import type { AppendHeader, AppendReply, RecordReady } from '#protocol/record.ts';
import { decodeBatch } from '#recorder/format/events.ts';
import { saidIn, type Said, type Trace } from './count-check.ts';

type Header = Pick<AppendHeader, 'seq' | 'part'>;

export class PageTrace implements Trace {
	acknowledged = -1;
	/** Highest number of a sealed batch, as the page was told. */
	safe = -1;
	ticket = '';
	/** How often it was connected, hand-overs included. */
	connections = 0;
	/** How often a batch was acknowledged; more since a moment means that the page is heard again. */
	replies = 0;
	readonly promised = new Map<number, Said>();
	private readonly parts = new Map<number, Buffer[]>();

	sent({ seq, part }: Header, bytes: Buffer): void {
		// What an acknowledged number held is settled, whatever is sent again.
		if (seq <= this.acknowledged) return;
		const pieces = part === 0 ? [] : (this.parts.get(seq) ?? []);
		pieces[part] = bytes;
		this.parts.set(seq, pieces);
	}

	told(got: number): void {
		for (let seq = this.acknowledged + 1; seq <= got; seq += 1) {
			const pieces = this.parts.get(seq);
			if (pieces) this.promised.set(seq, saidIn(decodeBatch(Buffer.concat(pieces))));
			this.parts.delete(seq);
		}
		this.acknowledged = Math.max(this.acknowledged, got);
	}
}

/** One connection: whose it is, and which questions wait for their answer. */
class Connection {
	private trace: PageTrace | null = null;
	private awaited: Header | null = null;
	private readonly appends = new Set<string>();
	private readonly traceOf: (ticket: string, isHandover: boolean) => PageTrace;

	constructor(traceOf: (ticket: string, isHandover: boolean) => PageTrace) {
		this.traceOf = traceOf;
	}

	fromPage(payload: string | Buffer): void {
		if (typeof payload !== 'string') {
			if (this.awaited) this.trace?.sent(this.awaited, payload);
			this.awaited = null;
			return;
		}
		const [, joined] = /^40\/record,(\{.*\})$/s.exec(payload) ?? [];
		if (joined) {
			const { ticket, handover } = JSON.parse(joined) as { ticket: string; handover: boolean };
			this.trace = this.traceOf(ticket, handover);
			return;
		}
		const [, id, words] = /^4(?:51-|2)\/record,(\d+)(\[.*\])$/s.exec(payload) ?? [];
		if (!id || !words) return;
		const [name, header, content] = JSON.parse(words) as [string, Header, unknown];
		if (name !== 'record:append') return;
		this.appends.add(id);
		// A whole batch as text [R22], or a placeholder for the message that follows.
		if (typeof content === 'string') this.trace?.sent(header, Buffer.from(content));
		else this.awaited = header;
	}

	fromHub(payload: string | Buffer): void {
		if (typeof payload !== 'string' || !this.trace) return;
		const [, id, reply] = /^43\/record,(\d+)\[(.*)\]$/s.exec(payload) ?? [];
		if (id && reply && this.appends.delete(id)) {
			const { ok, got } = JSON.parse(reply) as AppendReply;
			if (ok) this.trace.replies += 1;
			return this.trace.told(got);
		}
		const [, words] = /^42\/record,(?:\d+)?(\[.*\])$/s.exec(payload) ?? [];
		if (!words) return;
		const [name, said] = JSON.parse(words) as [string, Partial<RecordReady>];
		if (name === 'record:ready') {
			this.trace.connections += 1;
			this.trace.told(said.got ?? -1);
		}
		if (said?.safe !== undefined) this.trace.safe = Math.max(this.trace.safe, said.safe);
	}
}

export class WireTap {
	readonly pages = new Map<string, PageTrace>();
	private readonly current = new WeakMap<Page, string>();

	/** Call before the page goes anywhere. */
	watch(page: Page): void {
		page.on('websocket', (socket) => this.follow(page, socket));
	}

	/** Id of the document that a tab shows, once it is connected. */
	pageIdOf(page: Page): string {
		const pageId = this.current.get(page);
		if (!pageId) throw new Error('This tab has not connected to the hub.');
		return pageId;
	}

	hasConnected(page: Page): boolean {
		return this.current.has(page);
	}

	/** The document is about to go: the next one is told apart from it. */
	forget(page: Page): void {
		this.current.delete(page);
	}

	private follow(page: Page, socket: WebSocket): void {
		const connection = new Connection((ticket, isHandover) => {
			const pageId = ticket.split('.')[1] ?? '';
			if (!isHandover) this.current.set(page, pageId);
			const trace = this.pages.get(pageId) ?? new PageTrace();
			this.pages.set(pageId, trace);
			trace.ticket = ticket;
			return trace;
		});
		socket.on('framesent', ({ payload }) => connection.fromPage(payload));
		socket.on('framereceived', ({ payload }) => connection.fromHub(payload));
	}
}
