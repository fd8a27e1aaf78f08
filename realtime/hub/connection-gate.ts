// The first door, before anything is known about the caller: address, Origin, Host. WebSockets are not covered by CORS, so
// without it any site could open a socket with a visitor's cookies.
import type { IncomingMessage } from 'node:http';
import { MAX_OPEN_PER_ADDRESS, NEW_PER_ADDRESS_BURST, NEW_PER_ADDRESS_PER_SECOND } from './hub-limits.ts';
import { RateBucket } from './rate-bucket.ts';

export type Side = 'agency' | 'portal';

export type ConnectionGateOptions = {
	agencyOrigin: string;
	portalOrigin: string;
	addressOf(request: IncomingMessage): string;
	now(): number;
	onRefused(): void;
};

/** Above this many remembered addresses the idle ones are forgotten. */
const MAX_ADDRESSES = 10_000;

export class ConnectionGate {
	private readonly options: ConnectionGateOptions;
	private readonly origins: Record<Side, string>;
	private readonly open = new Map<string, number>();
	private readonly fresh = new Map<string, RateBucket>();
	private closed = false;

	constructor(options: ConnectionGateOptions) {
		this.options = options;
		this.origins = { agency: options.agencyOrigin, portal: options.portalOrigin };
	}

	/** Refuses every further connection. */
	close(): void {
		this.closed = true;
	}

	/** Which side a request belongs to: its Origin and Host both are that side's, else null [C1]. */
	sideOf(request: Pick<IncomingMessage, 'headers'>): Side | null {
		const { origin, host } = request.headers;
		for (const side of ['agency', 'portal'] as const)
			if (origin === this.origins[side] && host === new URL(this.origins[side]).host) return side;
		return null;
	}

	/** engine.io's `allowRequest`. */
	readonly allow = (
		request: IncomingMessage,
		answer: (error: string | null, success: boolean) => void
	): void => {
		const side = this.closed ? null : this.sideOf(request);
		if (!side || !this.admit(request)) {
			this.options.onRefused();
			answer('bad_origin', false);
			return;
		}
		// engine.io cannot switch compression off for one message, and deflating for each watcher costs three times the relay
		// itself (recording.md §4.9): so watchers never negotiate it.
		if (side === 'agency') delete request.headers['sec-websocket-extensions'];
		answer(null, true);
	};

	private admit(request: IncomingMessage): boolean {
		const address = this.options.addressOf(request);
		const open = this.open.get(address) ?? 0;
		if (open >= MAX_OPEN_PER_ADDRESS || !this.bucketOf(address).take(this.options.now())) return false;
		this.open.set(address, open + 1);
		request.socket.once('close', () => {
			const left = (this.open.get(address) ?? 1) - 1;
			if (left > 0) this.open.set(address, left);
			else this.open.delete(address);
		});
		return true;
	}

	private bucketOf(address: string): RateBucket {
		const known = this.fresh.get(address);
		if (known) return known;
		if (this.fresh.size >= MAX_ADDRESSES) {
			const now = this.options.now();
			for (const [other, bucket] of this.fresh) if (bucket.isFull(now)) this.fresh.delete(other);
		}
		const bucket = new RateBucket(NEW_PER_ADDRESS_BURST, NEW_PER_ADDRESS_PER_SECOND);
		this.fresh.set(address, bucket);
		return bucket;
	}
}
