// This hub's sign of life in the rows, which says whose watches are still real; and the closing of those of dead hubs, by
// whoever notices. Watches are closed in the log, so the rows decide and not what hubs tell each other.
import type { HubDependencies } from './dependencies.ts';
import { HUB_BEAT_MS } from './hub-limits.ts';

export type HubLeaseOptions = {
	deps: Pick<HubDependencies, 'hubId' | 'noteHub' | 'closeStaleWatches'>;
	/** The others took this hub for dead and closed its watches. */
	onTakenForDead(): Promise<void>;
	onError(error: unknown): void;
};

export class HubLease {
	private readonly options: HubLeaseOptions;
	private timer: NodeJS.Timeout | null = null;
	private running: Promise<void> = Promise.resolve();
	private closing: Promise<void> | null = null;
	private rejoining: Promise<void> | null = null;
	private isOver = false;

	constructor(options: HubLeaseOptions) {
		this.options = options;
	}

	/** @throws when the rows do not answer: without them no hub can begin */
	async start(): Promise<void> {
		const { deps } = this.options;
		await deps.noteHub({ hubId: deps.hubId, isAlive: true });
		if (this.isOver) return;
		this.timer = setInterval(() => {
			this.running = this.running.then(() => this.beat());
		}, HUB_BEAT_MS);
		this.closeStale();
	}

	/** After its watches are closed. */
	async stop(): Promise<void> {
		const { deps, onError } = this.options;
		this.isOver = true;
		if (this.timer) clearInterval(this.timer);
		await this.running;
		await this.settled();
		await deps.noteHub({ hubId: deps.hubId, isAlive: false }).catch(onError);
	}

	/** One sign of life; never rejects. */
	async beat(): Promise<void> {
		const { deps, onTakenForDead, onError } = this.options;
		try {
			const { wasKnown } = await deps.noteHub({ hubId: deps.hubId, isAlive: true });
			if (!wasKnown)
				this.rejoining ??= onTakenForDead()
					.catch(onError)
					.finally(() => (this.rejoining = null));
			this.closeStale();
		} catch (error) {
			onError(error);
		}
	}

	/** Resolves when no watch is being closed. */
	async settled(): Promise<void> {
		await Promise.all([this.closing, this.rejoining]);
	}

	/** Beside the beats: hundreds of watches of a dead hub take longer than a hub may be silent, and this one would seem dead, too. */
	private closeStale(): void {
		const { deps, onError } = this.options;
		this.closing ??= deps
			.closeStaleWatches({ hubId: deps.hubId })
			.then(() => undefined, onError)
			.finally(() => (this.closing = null));
	}
}
