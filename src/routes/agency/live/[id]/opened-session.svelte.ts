// All that a live page holds open, made and closed as one.
import type { Mark } from '#protocol/help.ts';
import type { LiveSession } from '#protocol/session.ts';
import type { LiveEntry } from '#protocol/watch.ts';
import { keepLooking, type Looking } from '#live/look.ts';
import { Ticker } from '#live/ticker.svelte.ts';
import { Wall } from '#live/wall.svelte.ts';
import { WatchedControl } from '#live/watched-control.svelte.ts';
import { WatchedHelp } from '#live/watched-help.svelte.ts';
import { WatchedSession } from '#live/watched-session.svelte.ts';

type Opening = {
	initial: LiveSession;
	entries: LiveEntry[];
	/** The watcher's own id. */
	ownId: string;
	/** The hub sends from now on what happens; what happened before the server knows. */
	onJoined(): void;
	onMark(mark: Mark): void;
};

export class OpenedSession {
	readonly watched: WatchedSession;
	readonly help: WatchedHelp;
	readonly control: WatchedControl;
	/** The other sessions, for the keys that lead to them. */
	readonly wall: Wall;
	private readonly ticker = new Ticker();
	private readonly looking: Looking;
	private readonly initialNow: number;

	constructor({ initial, entries, ownId, onJoined, onMark }: Opening) {
		this.initialNow = initial.hubNow;
		this.watched = new WatchedSession(initial, entries, () => {
			onJoined();
			this.looking.now();
			void this.help.open();
		});
		const { link } = this.watched;
		this.looking = keepLooking(link.socket, initial.impersonationId);
		this.help = new WatchedHelp(link.socket, initial.impersonationId, ownId, onMark);
		this.control = new WatchedControl(link.socket, initial.impersonationId);
		this.wall = new Wall([], link);
		link.socket.on('connect', () => void this.wall.refresh());
	}

	/** Hub time, anew each second. */
	get now(): number {
		return (this.ticker.now && this.watched.link.clock.now()) || this.initialNow;
	}

	get offlineSeconds(): number {
		const since = this.watched.link.offlineSince;
		return since === null ? 0 : Math.max(0, Math.round((this.ticker.now - since) / 1000));
	}

	close(): void {
		this.looking.stop();
		this.wall.close();
		this.watched.close();
		this.ticker.stop();
	}
}
