// One connection to the hub with its state: what both the wall and a live page stand on.
import type { Refusal, Reply } from '#protocol/refusals.ts';
import { HubClock } from './hub-clock.ts';
import { openWatchSocket, refusalOf, type WatchSocket } from './watch-socket.ts';

/** `refused` is final until the page is loaded again; everything else recovers by itself. */
export type LinkStatus = 'connecting' | 'online' | 'offline' | 'refused';

/** The hub is full or stopping: asked again after this. */
const TRY_LATER_MS = 2_000;

export class WatchLink {
	status: LinkStatus = $state('connecting');
	refusal: Refusal | null = $state(null);
	/** Local time since when nothing comes; null while connected. */
	offlineSince: number | null = $state(null);
	readonly clock = new HubClock();
	readonly socket: WatchSocket;
	private retry: ReturnType<typeof setTimeout> | undefined;

	/** `onOnline` is called at each new connection: the hub knows nothing of the one before. */
	constructor(onOnline: () => void) {
		this.socket = openWatchSocket();
		this.socket.on('connect', () => {
			this.status = 'online';
			this.offlineSince = null;
			onOnline();
		});
		this.socket.on('disconnect', () => this.lost());
		this.socket.on('connect_error', (error) => this.failed(error));
		this.socket.on('watch:refused', ({ refusal }) => this.refuse(refusal));
	}

	close(): void {
		clearTimeout(this.retry);
		this.socket.removeAllListeners();
		this.socket.disconnect();
	}

	/** Takes an answer: its content, or null when it was refused; the hub's time in it sets the clock. */
	taken<T extends object>(startedAt: number, reply: Reply<T>): T | null {
		if (!reply.ok) return null;
		if ('hubNow' in reply && typeof reply.hubNow === 'number') this.clock.answered(startedAt, reply.hubNow);
		return reply;
	}

	private lost(): void {
		if (this.status === 'refused') return;
		this.status = 'offline';
		this.offlineSince ??= Date.now();
	}

	private failed(error: Error): void {
		this.lost();
		// Still active means that the library tries again by itself: the hub could not be reached at all.
		if (this.socket.active) return;
		const refusal = refusalOf(error);
		if (refusal !== null && refusal !== 'try_later' && refusal !== 'too_fast') return this.refuse(refusal);
		this.retry = setTimeout(() => this.socket.connect(), TRY_LATER_MS);
	}

	private refuse(refusal: Refusal): void {
		this.status = 'refused';
		this.refusal = refusal;
		this.offlineSince ??= Date.now();
		this.socket.disconnect();
	}
}
