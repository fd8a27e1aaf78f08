// The running impersonations of the agency as they change: rendered by the server first, then kept by the hub.
import { SvelteMap } from 'svelte/reactivity';
import type { Sketch } from '#protocol/help.ts';
import type { LiveSession } from '#protocol/session.ts';
import { WatchLink } from './watch-link.svelte.ts';

/** Clocks drift and a lost message must not stay lost: the whole list is asked for again this often. */
const REFRESH_MS = 60_000;

/** Between two attempts when the hub did not answer. */
const ASK_AGAIN_MS = 2_000;

const byStart = (a: LiveSession, b: LiveSession): number =>
	b.startedAt - a.startedAt || (a.impersonationId < b.impersonationId ? -1 : 1);

export class Wall {
	sessions: LiveSession[] = $state.raw([]);
	/** The last thing that happened, as a sentence for those who do not see the list change. */
	news = $state('');
	/** What each session looks like in boxes, while tiles are shown. */
	readonly sketches = new SvelteMap<string, Sketch>();
	readonly link: WatchLink;
	private hasTiles = false;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private closed = false;

	/** Opens a connection, or lays itself over one that a live page holds already. */
	constructor(initial: LiveSession[], link?: WatchLink) {
		this.sessions = initial;
		this.link = link ?? new WatchLink(() => void this.refresh());
		const { socket } = this.link;
		socket.on('wall:changed', (session) => this.changed(session));
		socket.on('wall:sketch', ({ impersonationId, sketch }) => this.sketches.set(impersonationId, sketch));
		socket.on('wall:gone', ({ impersonationId }) => this.gone(impersonationId));
	}

	/** Asks for the whole list; called at each new connection. */
	async refresh(): Promise<void> {
		clearTimeout(this.timer);
		let pause = REFRESH_MS;
		try {
			const startedAt = this.link.clock.start();
			const answer = this.link.taken(startedAt, await this.link.socket.emitWithAck('wall:open'));
			if (answer) this.sessions = answer.sessions.toSorted(byStart);
			if (answer && this.hasTiles) this.askTiles();
			else pause = ASK_AGAIN_MS;
		} catch {
			// The answer was lost with the connection; the next connection asks again, and so does the timer.
			pause = ASK_AGAIN_MS;
		}
		if (!this.closed) this.timer = setTimeout(() => void this.refresh(), pause);
	}

	/** Whether wireframes are wanted: a table needs none. */
	showTiles(isOn: boolean): void {
		if (isOn === this.hasTiles) return;
		this.hasTiles = isOn;
		// Else the next connection asks.
		if (this.link.status === 'online') this.askTiles();
	}

	close(): void {
		this.closed = true;
		clearTimeout(this.timer);
		this.link.close();
	}

	private askTiles(): void {
		this.link.socket.emit('wall:tiles', { isOn: this.hasTiles }, () => undefined);
	}

	private changed(session: LiveSession): void {
		const others = this.sessions.filter(({ impersonationId }) => impersonationId !== session.impersonationId);
		const before = this.sessions.find(({ impersonationId }) => impersonationId === session.impersonationId);
		if (!before) this.news = `${session.staff.name} began impersonating at ${session.client.name}.`;
		else if (session.hand && before.hand?.at !== session.hand.at)
			this.news = `${session.staff.name} asks for help at ${session.client.name}. ${session.hand.note}`;
		this.sessions = [...others, session].toSorted(byStart);
	}

	private gone(impersonationId: string): void {
		const gone = this.sessions.find((session) => session.impersonationId === impersonationId);
		if (gone) this.news = `The session of ${gone.staff.name} at ${gone.client.name} ended.`;
		this.sketches.delete(impersonationId);
		this.sessions = this.sessions.filter((session) => session.impersonationId !== impersonationId);
	}
}
