// The two ends that talk to a hub, over real sockets: a recording page and a watcher. Each keeps what it heard.
import { gunzipSync } from 'node:zlib';
import { io, type Socket } from 'socket.io-client';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import {
	MAX_PART_BYTES,
	PROTOCOL_VERSION,
	type AppendReply,
	type LiveEntry,
	type LiveSession,
	type PageClockReading,
	type RecordReady,
	type SessionState
} from '#protocol/index.ts';
import { AGENCY_ORIGIN, PORTAL_ORIGIN, type TestPage, type TestStaff } from './hub-world.ts';

export type Headers = { origin?: string; host?: string; cookie?: string };

const open = new Set<Socket>();

/** Opens a socket with any headers; ours are the defaults of neither side. */
export function rawSocket(port: number, namespace: string, auth: object, headers: Headers): Socket {
	const socket = io(`http://127.0.0.1:${port}${namespace}`, {
		path: '/hub',
		transports: ['websocket'],
		auth,
		multiplex: false,
		reconnection: false,
		extraHeaders: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
	});
	open.add(socket);
	return socket;
}

/** For `afterEach`: no test leaves a socket behind. */
export function closeSockets(): void {
	for (const socket of open) socket.disconnect();
	open.clear();
}

/** Waits until `check` is true; a test that waits in vain says for what. */
export async function until(
	check: () => boolean | Promise<boolean>,
	what: string,
	withinMs = 5_000
): Promise<number> {
	const startedAt = performance.now();
	while (!(await check())) {
		if (performance.now() - startedAt > withinMs) throw new Error(`Waited ${withinMs} ms in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	return performance.now() - startedAt;
}

/** The refusal a handshake was answered with, or null when it was let in. */
export function refusalOf(socket: Socket): Promise<string | null> {
	return new Promise((resolve) => {
		socket.once('connect', () => resolve(null));
		socket.once('connect_error', (error: Error & { data?: { refusal?: string } }) =>
			resolve(error.data?.refusal ?? `transport: ${error.message}`)
		);
	});
}

export const snapshot = (at = Date.now()): RecordedEvent[] => [
	{ type: 4, timestamp: at, data: { href: 'http://portal.test/tasks', width: 800, height: 600 } },
	{
		type: 2,
		timestamp: at,
		data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { top: 0, left: 0 } }
	}
];

/** A letter typed into field 1; the text so far is what a watcher sees. */
export const typed = (text: string): RecordedEvent => ({
	type: 3,
	timestamp: Date.now(),
	data: { source: 5, id: 1, text, isChecked: false, userTriggered: true }
});

export class RecorderClient {
	readonly socket: Socket;
	readonly states: SessionState[] = [];
	readonly readies: RecordReady[] = [];
	/** How often a full snapshot was wanted. */
	snapshotsWanted = 0;
	/** What `record:safe` said. */
	readonly safes: number[] = [];
	ended: { reason: string } | null = null;
	disconnected: string | null = null;
	refusals: string[] = [];
	answersBeats = true;
	/** What this page's clock is ahead of ours, ms. */
	clockAheadMs = 0;
	/** What its other clock, which nobody sets, is ahead of ours. */
	monoAheadMs = 0;

	constructor(
		world: { port: number },
		page: Pick<TestPage, 'ticket' | 'cookie'>,
		more: { handover?: boolean; headers?: Headers } = {}
	) {
		const auth = { version: PROTOCOL_VERSION, ticket: page.ticket, handover: more.handover };
		const headers = { origin: PORTAL_ORIGIN, host: 'portal.test', cookie: page.cookie, ...more.headers };
		this.socket = rawSocket(world.port, '/record', auth, headers);
		this.socket.on('record:ready', (ready: RecorderClient['readies'][number]) => this.readies.push(ready));
		this.socket.on('record:snapshot', () => this.snapshotsWanted++);
		this.socket.on('record:safe', ({ safe }: { safe: number }) => this.safes.push(safe));
		this.socket.on('session:changed', (state: SessionState) => this.states.push(state));
		this.socket.on('session:ended', (ended: { reason: string }) => (this.ended = ended));
		this.socket.on('record:refused', ({ refusal }: { refusal: string }) => this.refusals.push(refusal));
		this.socket.on('disconnect', (reason) => (this.disconnected = reason));
		this.socket.on('beat:ask', (answer: (beat: object) => void) => {
			if (this.answersBeats) {
				const now = Date.now();
				answer({ wall: now + this.clockAheadMs, mono: now + this.monoAheadMs });
			}
		});
	}

	get state(): SessionState | undefined {
		return this.states.at(-1) ?? this.readies.at(-1)?.state;
	}

	async ready(): Promise<this> {
		const refusal = await refusalOf(this.socket);
		if (refusal) throw new Error(`/record was refused: ${refusal}`);
		await until(() => this.readies.length > 0, 'record:ready');
		return this;
	}

	/** Sends one batch, in parts where it is large, and resolves with the answer to the last part. */
	async append(
		seq: number,
		events: RecordedEvent[] | Uint8Array,
		clock?: PageClockReading
	): Promise<AppendReply> {
		const bytes = events instanceof Uint8Array ? events : encodeBatch(events);
		const parts = Math.max(1, Math.ceil(bytes.length / MAX_PART_BYTES));
		let reply: AppendReply = { ok: false, refusal: 'malformed', got: -1 };
		const sent = Array.from({ length: parts }, (_, part) =>
			this.emit(
				{ seq, part, parts, clock },
				bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES)
			)
		);
		for (const answer of await Promise.all(sent)) reply = answer;
		return reply;
	}

	/** One raw message. */
	emit(header: unknown, bytes: unknown): Promise<AppendReply> {
		return this.socket.timeout(10_000).emitWithAck('record:append', header, bytes) as Promise<AppendReply>;
	}
}

type Received = {
	pageId: string;
	seq: number;
	offsetMs: number;
	receivedAt: number;
	bytes: Uint8Array;
	at: number;
};

export class WatcherClient {
	readonly socket: Socket;
	readonly batches: Received[] = [];
	/** How many of them came as text. */
	texts = 0;
	/** Checkpoints with the number of batches that came before each. */
	readonly pictures: (Received & { after: number })[] = [];
	readonly sessions: LiveSession[] = [];
	readonly wall: LiveSession[] = [];
	readonly gone: string[] = [];
	readonly entries: LiveEntry[] = [];
	readonly behind: string[] = [];
	ended: { impersonationId: string; reason: string } | null = null;
	refused: string | null = null;
	disconnected: string | null = null;

	constructor(world: { port: number }, staff: TestStaff, headers: Headers = {}) {
		this.socket = rawSocket(
			world.port,
			'/watch',
			{ version: PROTOCOL_VERSION },
			{ origin: AGENCY_ORIGIN, host: 'agency.test', cookie: staff.cookie, ...headers }
		);
		this.socket.on('page:batch', (header: Omit<Received, 'bytes' | 'at'>, content: Uint8Array | string) => {
			const isText = typeof content === 'string';
			if (isText) this.texts++;
			this.batches.push({ ...header, bytes: isText ? Buffer.from(content) : content, at: performance.now() });
		});
		this.socket.on('page:checkpoint', (header: Omit<Received, 'bytes' | 'at'>, packed: Uint8Array) =>
			this.pictures.push({
				...header,
				bytes: gunzipSync(packed),
				at: performance.now(),
				after: this.batches.length
			})
		);
		this.socket.on('session:changed', (session: LiveSession) => this.sessions.push(session));
		this.socket.on('wall:changed', (session: LiveSession) => this.wall.push(session));
		this.socket.on('wall:gone', ({ impersonationId }: { impersonationId: string }) =>
			this.gone.push(impersonationId)
		);
		this.socket.on('entry:logged', (entry: LiveEntry) => this.entries.push(entry));
		this.socket.on('page:behind', ({ pageId }: { pageId: string }) => this.behind.push(pageId));
		this.socket.on(
			'session:ended',
			(ended: { impersonationId: string; reason: string }) => (this.ended = ended)
		);
		this.socket.on('watch:refused', ({ refusal }: { refusal: string }) => (this.refused = refusal));
		this.socket.on('disconnect', (reason) => (this.disconnected = reason));
	}

	ask<T = { ok: boolean; refusal?: string }>(event: string, payload?: object): Promise<T> {
		const socket = this.socket.timeout(10_000);
		return (payload ? socket.emitWithAck(event, payload) : socket.emitWithAck(event)) as Promise<T>;
	}

	async watch(impersonationId: string): Promise<LiveSession> {
		const reply = await this.ask<{ ok: boolean; refusal?: string; session: LiveSession }>('session:watch', {
			impersonationId
		});
		if (!reply.ok) throw new Error(`session:watch was refused: ${reply.refusal}`);
		return reply.session;
	}

	/** Numbers of the batches received of a page, in their order. */
	seqs(pageId: string): number[] {
		return this.batches.filter((batch) => batch.pageId === pageId).map((batch) => batch.seq);
	}

	/** Events received of a page, in their order. */
	events(pageId: string): RecordedEvent[] {
		return this.batches
			.filter((batch) => batch.pageId === pageId)
			.flatMap((batch) => JSON.parse(Buffer.from(batch.bytes).toString()) as RecordedEvent[]);
	}
}
