// Gathers signs of life of all pages and writes them in one statement a second; those the act gate waits for at once.
import { LEASE_MS } from '#protocol/limits.ts';
import type { Pulse } from '#server/usecases/live/note-pulses.ts';
import { PULSE_INTERVAL_MS } from './hub-limits.ts';

/** A pulse in the making: moments instead of ages, since it is not known yet when it will be written. */
type Pending = {
	impersonationId: string;
	beatAt?: number;
	snapshotAt?: number;
	activityAt?: number;
	firstEventAt?: number;
	lastEventAt?: number;
	address?: string;
	title?: string;
	closed?: boolean;
	events: number;
	bytes: number;
};

export type PulseChange = Partial<Omit<Pending, 'impersonationId'>>;

export type PulseWriterOptions = {
	write(pulses: readonly Pulse[]): Promise<void>;
	now(): number;
	onError(error: unknown): void;
};

export class PulseWriter {
	private readonly options: PulseWriterOptions;
	private pending = new Map<string, Pending>();
	private readonly writtenBeats = new Map<string, number>();
	private writing: Promise<void> = Promise.resolve();
	private timer: NodeJS.Timeout | null = null;

	constructor(options: PulseWriterOptions) {
		this.options = options;
	}

	start(): void {
		this.timer = setInterval(() => void this.flush().catch(this.options.onError), PULSE_INTERVAL_MS);
	}

	/** Notes a change; it reaches the rows with the next flush. */
	note(impersonationId: string, pageId: string, change: PulseChange): void {
		const known = this.pending.get(pageId) ?? { impersonationId, events: 0, bytes: 0 };
		this.pending.set(pageId, merge(known, change));
	}

	/** Notes a beat and, where the rows' lease ran out or is about to, writes it at once: the act gate reads it there. */
	beat(impersonationId: string, pageId: string, beatAt: number): void {
		this.note(impersonationId, pageId, { beatAt });
		const written = this.writtenBeats.get(pageId);
		if (written !== undefined && beatAt - written < LEASE_MS / 2) return;
		this.writtenBeats.set(pageId, beatAt);
		void this.flush().catch(this.options.onError);
	}

	/** Forgets a page that is gone for good. */
	forget(pageId: string): void {
		this.writtenBeats.delete(pageId);
	}

	/** Writes everything noted so far; rejects, and keeps it for the next time, when the database refuses. */
	flush(): Promise<void> {
		const next = this.writing.then(() => this.write());
		// The chain must go on after a failure; whoever called flush() is told of it.
		this.writing = next.catch(() => undefined);
		return next;
	}

	async stop(): Promise<void> {
		if (this.timer) clearInterval(this.timer);
		await this.flush();
	}

	private async write(): Promise<void> {
		if (this.pending.size === 0) return;
		const taken = this.pending;
		this.pending = new Map();
		const now = this.options.now();
		try {
			await this.options.write([...taken].map(([pageId, pending]) => toPulse(pageId, pending, now)));
			for (const [pageId, { beatAt }] of taken)
				if (beatAt !== undefined) this.writtenBeats.set(pageId, beatAt);
		} catch (error) {
			for (const [pageId, pending] of taken) {
				const newer = this.pending.get(pageId);
				this.pending.set(pageId, newer ? merge(pending, newer) : pending);
				this.writtenBeats.delete(pageId);
			}
			throw error;
		}
	}
}

const highest = (a?: number, b?: number) => (a === undefined ? b : b === undefined ? a : Math.max(a, b));
const lowest = (a?: number, b?: number) => (a === undefined ? b : b === undefined ? a : Math.min(a, b));

function merge(older: Pending, newer: PulseChange): Pending {
	return {
		impersonationId: older.impersonationId,
		beatAt: highest(older.beatAt, newer.beatAt),
		snapshotAt: older.snapshotAt ?? newer.snapshotAt,
		activityAt: highest(older.activityAt, newer.activityAt),
		firstEventAt: lowest(older.firstEventAt, newer.firstEventAt),
		lastEventAt: highest(older.lastEventAt, newer.lastEventAt),
		address: newer.address ?? older.address,
		title: newer.title ?? older.title,
		closed: newer.closed ?? older.closed,
		events: older.events + (newer.events ?? 0),
		bytes: older.bytes + (newer.bytes ?? 0)
	};
}

function toPulse(pageId: string, pending: Pending, now: number): Pulse {
	const age = (at: number | undefined) => (at === undefined ? null : Math.max(0, now - at));
	return {
		pageId,
		impersonationId: pending.impersonationId,
		beatAgeMs: age(pending.beatAt),
		snapshotAgeMs: age(pending.snapshotAt),
		activityAgeMs: age(pending.activityAt),
		firstEventAt: pending.firstEventAt ?? null,
		lastEventAt: pending.lastEventAt ?? null,
		address: pending.address ?? null,
		title: pending.title ?? null,
		closed: pending.closed ?? null,
		events: pending.events,
		bytes: pending.bytes
	};
}
