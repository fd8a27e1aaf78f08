// One running impersonation as a supervisor watches it: its head, its entries, and the page on the screen.
import type { FrameHost } from '#recorder/playback/frame-host.ts';
import type { Refusal } from '#protocol/refusals.ts';
import type { LiveSession } from '#protocol/session.ts';
import type { BatchHeader, LiveEntry } from '#protocol/watch.ts';
import { WatchLink } from './watch-link.svelte.ts';

/** Entries kept in the page's memory; the recording has all. */
const MAX_ENTRIES = 500;

/** Between two attempts after the hub said "later" or did not answer. */
const ASK_AGAIN_MS = 1_000;

/** `session:watch` is asked again this often, for the clock. */
const REFRESH_MS = 60_000;

/** Refusals of `session:watch` after which there is nothing to watch. */
const FINAL: readonly Refusal[] = ['impersonation_over', 'not_allowed'];

/** What a batch holds, as the socket hands it over. */
type Content = ArrayBuffer | Uint8Array | string;

export class WatchedSession {
	session: LiveSession = $state.raw(null as never);
	entries: LiveEntry[] = $state.raw([]);
	/** Why it ended, a key of END_REASONS; null while it runs. */
	ended: string | null = $state(null);
	isFollowing = $state(true);
	/** The page on the screen, or about to be. */
	pageId: string | null = $state(null);
	/** Age of the last live batch when it came, hub time; null before there was one. */
	lagMs: number | null = $state(null);
	hasPicture = $state(false);
	readonly link: WatchLink;
	private readonly id: string;
	private readonly onJoined: () => void;
	private host: FrameHost | null = null;
	/** The page whose batches are let through; those of an earlier `page:follow` may still be under way. */
	private streamed: string | null = null;
	/** Batches from this number on are live, those before it are what a late watcher catches up with. */
	private liveFrom = 0;
	/** What came while the picture before it was being unpacked; null while none is. */
	private held: [BatchHeader, Content][] | null = null;
	private attempt = 0;
	/** Whether the hub sends what happens in this session; only then does it give the picture too. */
	private joined = false;
	/** The page a stream is being asked of: once is enough, each would bring a picture of its own. */
	private asking: string | null = null;
	private streamTimer: ReturnType<typeof setTimeout> | undefined;
	private watchTimer: ReturnType<typeof setTimeout> | undefined;
	private closed = false;

	/**
	 * `onJoined` is called when the hub begins to send entries: what was logged between the server's rendering and then
	 * is known to the server only, and is to be given to `merge`.
	 */
	constructor(initial: LiveSession, entries: LiveEntry[], onJoined: () => void) {
		this.onJoined = onJoined;
		this.id = initial.impersonationId;
		this.session = initial;
		this.entries = entries;
		this.pageId = initial.activePageId;
		this.link = new WatchLink(() => void this.watch());
		const { socket } = this.link;
		socket.on('session:changed', (session) => this.changed(session));
		socket.on('session:ended', ({ impersonationId, reason }) => {
			if (impersonationId === this.id) this.ended = reason;
		});
		socket.on('entry:logged', (entry) => this.merge([entry]));
		socket.on('page:batch', (header, bytes) => this.batch(header, bytes));
		socket.on('page:checkpoint', (header, packed) => void this.checkpoint(header, packed));
		socket.on('page:behind', ({ pageId }) => {
			if (pageId === this.pageId) void this.stream();
		});
		socket.on('disconnect', () => this.lost());
	}

	/** The frame to show it in; called once the page is mounted. */
	show(host: FrameHost): void {
		this.host = host;
		host.startLive();
		void this.stream();
	}

	/** Shows this page and no longer follows the active one. */
	choose(pageId: string): void {
		this.isFollowing = false;
		this.switchTo(pageId);
	}

	follow(isOn: boolean): void {
		this.isFollowing = isOn;
		if (isOn && this.session.activePageId) this.switchTo(this.session.activePageId);
	}

	/** Starts the page on the screen again from its snapshot; the last picture stays until then. */
	async stream(): Promise<void> {
		const { pageId } = this;
		if (!pageId || !this.host || !this.joined || this.ended !== null || this.asking === pageId) return;
		clearTimeout(this.streamTimer);
		const attempt = ++this.attempt;
		this.asking = pageId;
		this.streamed = null;
		this.held = null;
		try {
			const what = { impersonationId: this.id, pageId, checkpoint: true, text: true };
			const reply = await this.link.socket.emitWithAck('page:follow', what);
			if (attempt !== this.attempt) return;
			// Not joined any more, as after a restart of the hub: joining begins the stream, or says that it is over.
			if (!reply.ok && reply.refusal === 'not_allowed') {
				this.joined = false;
				return this.watchAgain(ASK_AGAIN_MS);
			}
			if (!reply.ok) return this.streamAgain();
			// The hub answers before the first batch of the new stream: whatever came until now was of the old one.
			this.host.reset();
			this.liveFrom = reply.batches;
			this.streamed = pageId;
		} catch {
			// Lost with the connection: `watch` begins anew at the next one.
			if (attempt === this.attempt && this.link.status === 'online') this.streamAgain();
		} finally {
			if (attempt === this.attempt) this.asking = null;
		}
	}

	private lost(): void {
		this.attempt++;
		this.joined = false;
		this.asking = null;
		this.streamed = null;
	}

	/** The frame shows something: from now on the screen is never blank. */
	shown(): void {
		this.hasPicture = true;
	}

	/** A frame that was loaded again knows nothing. */
	restart(): void {
		this.host?.startLive();
		void this.stream();
	}

	close(): void {
		this.closed = true;
		this.attempt++;
		clearTimeout(this.streamTimer);
		clearTimeout(this.watchTimer);
		this.link.close();
	}

	private streamAgain(): void {
		clearTimeout(this.streamTimer);
		if (!this.closed) this.streamTimer = setTimeout(() => void this.stream(), ASK_AGAIN_MS);
	}

	private watchAgain(pauseMs: number): void {
		clearTimeout(this.watchTimer);
		if (!this.closed) this.watchTimer = setTimeout(() => void this.watch(), pauseMs);
	}

	/** Joins, or refreshes what is known; the first after each connection also starts the picture. */
	private async watch(): Promise<void> {
		if (this.ended !== null || this.closed) return;
		try {
			const startedAt = this.link.clock.start();
			const reply = await this.link.socket.emitWithAck('session:watch', { impersonationId: this.id });
			// The hub's rows have no such running session: asking again changes nothing.
			if (!reply.ok && FINAL.includes(reply.refusal)) return void (this.ended ??= '');
			const answer = this.link.taken(startedAt, reply);
			if (!answer) return this.watchAgain(ASK_AGAIN_MS);
			const isFirst = !this.joined;
			this.joined = true;
			this.changed(answer.session);
			if (isFirst) this.onJoined();
			if (this.streamed === null) await this.stream();
			this.watchAgain(REFRESH_MS);
		} catch {
			// The next connection begins anew; a connection that holds but did not answer is asked again.
			if (this.link.status === 'online') this.watchAgain(ASK_AGAIN_MS);
		}
	}

	private changed(session: LiveSession): void {
		if (session.impersonationId !== this.id) return;
		this.session = session;
		if (this.isFollowing && session.activePageId) this.switchTo(session.activePageId);
	}

	private switchTo(pageId: string): void {
		if (pageId === this.pageId) return;
		this.pageId = pageId;
		this.lagMs = null;
		void this.stream();
	}

	/** Adds the entries that are not there yet. */
	merge(entries: readonly LiveEntry[]): void {
		const fresh = entries.filter(({ id }) => !this.entries.some((known) => known.id === id));
		if (fresh.length === 0) return;
		this.entries = [...fresh, ...this.entries].toSorted((a, b) => b.at - a.at).slice(0, MAX_ENTRIES);
	}

	/** What the page shows now; from its number on the batches follow, which wait for it. */
	private async checkpoint(header: BatchHeader, packed: ArrayBuffer | Uint8Array): Promise<void> {
		if (header.pageId !== this.streamed) return;
		const { attempt } = this;
		const held = (this.held = [] as NonNullable<typeof this.held>);
		const bytes = await unpack(packed).catch(() => null);
		if (attempt !== this.attempt) return;
		this.held = null;
		if (!bytes) return this.streamAgain();
		this.batch(header, bytes);
		for (const [each, its] of held) this.batch(each, its);
	}

	private batch(header: BatchHeader, content: Content): void {
		if (header.pageId !== this.streamed || !this.host) return;
		if (this.held) return void this.held.push([header, content]);
		this.host.addBatch(header, bytesOf(content));
		const now = this.link.clock.now();
		if (now !== null && header.seq >= this.liveFrom) this.lagMs = Math.max(0, now - header.receivedAt);
	}
}

/** Browsers are given an ArrayBuffer where the hub sent bytes. */
function bytesOf(content: Content): Uint8Array {
	if (typeof content === 'string') return new TextEncoder().encode(content);
	return content instanceof Uint8Array ? content : new Uint8Array(content);
}

async function unpack(packed: ArrayBuffer | Uint8Array): Promise<Uint8Array> {
	const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
