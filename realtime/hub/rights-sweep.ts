// Keeps the hub's view of rights young: every 500 ms, and at once when a signal hints at a change. What is done follows from
// the rows alone, so a lost signal costs half a second and a forged one nothing (design.md §3).
import type { SystemActor } from '#domain/actor.ts';
import type { HubDependencies } from './dependencies.ts';
import { RIGHTS_STALE_MS, SWEEP_INTERVAL_MS } from './hub-limits.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { HubMetrics } from './metrics.ts';
import type { WatchConnections } from './watch-connections.ts';
import type { Signal } from '#server/ports/signals.ts';
import type { SweepAnswer } from '#server/usecases/live/sweep-live.ts';

/** Many of these come in a second, and none changes what anyone may do. */
const SAYS_NOTHING_OF_RIGHTS: ReadonlySet<Signal['topic']> = new Set([
	'action.logged',
	'view.written',
	'page.sealed',
	'fault.noted'
]);

export type RightsSweepOptions = {
	deps: Pick<HubDependencies, 'sweepLive' | 'readLiveSessions' | 'signals'>;
	now(): number;
	rooms(): LiveRooms;
	watchers(): WatchConnections;
	metrics: HubMetrics;
	/** After each sweep, whatever came of it. */
	onSwept(): void;
	onError(error: unknown): void;
};

export class RightsSweep {
	private readonly options: RightsSweepOptions;
	private running: Promise<boolean> | null = null;
	private next: Promise<boolean> | null = null;
	private timer: NodeJS.Timeout | null = null;
	private answeredAt = Number.NEGATIVE_INFINITY;
	private unsubscribe: () => void = () => undefined;

	constructor(options: RightsSweepOptions) {
		this.options = options;
	}

	/** First sweep done when it resolves; then by the clock. */
	async start(): Promise<void> {
		this.unsubscribe = this.options.deps.signals.subscribe(({ topic }) => {
			if (!SAYS_NOTHING_OF_RIGHTS.has(topic)) void this.now();
		});
		await this.now();
		this.timer = setInterval(() => void this.now(), SWEEP_INTERVAL_MS);
	}

	async stop(): Promise<void> {
		this.unsubscribe();
		if (this.timer) clearInterval(this.timer);
		await this.running;
	}

	/** False once the last good answer is too old to show anybody anything. */
	isFresh(): boolean {
		return this.options.now() - this.answeredAt < RIGHTS_STALE_MS;
	}

	/**
	 * Sweeps; a call during a sweep waits for one that began after it, which all such callers share.
	 * @returns false where the rows did not answer: then what is not known here may exist all the same
	 */
	now(): Promise<boolean> {
		if (!this.running) {
			this.running = this.sweep().finally(() => {
				this.running = null;
			});
			return this.running;
		}
		this.next ??= this.running.then(() => {
			this.next = null;
			return this.now();
		});
		return this.next;
	}

	private async sweep(): Promise<boolean> {
		const { deps, now, metrics, onError } = this.options;
		const rooms = this.options.rooms();
		const watchers = this.options.watchers();
		const startedAt = now();
		let isAnswered = false;
		try {
			const sessions = watchers.sessions();
			const answer = await deps.sweepLive({ known: rooms.known(), sessions });
			watchers.revokeExcept(answer.mayWatch, new Set(sessions));
			await this.follow(answer, rooms);
			this.answeredAt = startedAt;
			isAnswered = true;
		} catch (error) {
			metrics.sweepFailures.inc();
			onError(error);
		}
		rooms.tick();
		const { sessions, pages } = rooms.counts();
		metrics.sessions.set(sessions);
		metrics.pages.set(pages);
		metrics.watchers.set(watchers.size);
		this.options.onSwept();
		return isAnswered;
	}

	private async follow({ live, ended }: SweepAnswer, rooms: LiveRooms): Promise<void> {
		const { deps, now } = this.options;
		for (const { impersonationId, reason } of ended)
			rooms.apply(impersonationId, { kind: 'ended', now: now(), reason });
		for (const { impersonationId, agencyId, ...standing } of live) {
			if (rooms.get(impersonationId)) {
				rooms.apply(impersonationId, { kind: 'standing', now: now(), standing });
				continue;
			}
			const system: SystemActor = { kind: 'system', agencyId };
			const [facts] = await deps.readLiveSessions(system, { impersonationId });
			if (facts) rooms.open(facts, agencyId, standing);
		}
	}
}
