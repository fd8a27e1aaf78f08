// One piece of work at a time, for the newest wish. Somebody who drags the timeline wishes sixty times a second: what is
// under way is finished and seen, then the newest wish's turn comes; only what takes long to read is let go of.

/** Reading that took longer than this is not waited for once something else is wished. */
const PATIENCE_MS = 200;

type Work = {
	/** `onRead`: from here on it will be done soon. */
	run(signal: AbortSignal, onRead: () => void): Promise<void>;
	onDone(): void;
	onError(error: unknown): void;
};

type Job = { stop: AbortController; since: number; isRead: boolean };

export class Latest {
	private readonly work: Work;
	private job: Job | null = null;
	/** Something newer was wished while the job ran. */
	private isStale = false;
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(work: Work) {
		this.work = work;
	}

	get isBusy(): boolean {
		return this.job !== null;
	}

	ask(): void {
		const { job } = this;
		if (!job) return void this.start();
		const waited = performance.now() - job.since;
		if (!job.isRead && waited >= PATIENCE_MS) {
			job.stop.abort();
			return void this.start();
		}
		this.isStale = true;
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.lose(job), PATIENCE_MS - waited);
	}

	close(): void {
		clearTimeout(this.timer);
		this.job?.stop.abort();
		this.job = null;
	}

	private lose(job: Job): void {
		if (this.job !== job || job.isRead || !this.isStale) return;
		job.stop.abort();
		void this.start();
	}

	private async start(): Promise<void> {
		clearTimeout(this.timer);
		const job: Job = { stop: new AbortController(), since: performance.now(), isRead: false };
		this.job = job;
		this.isStale = false;
		try {
			await this.work.run(job.stop.signal, () => (job.isRead = true));
			this.ended(job, () => this.work.onDone());
		} catch (error) {
			this.ended(job, () => this.work.onError(error));
		}
	}

	private ended(job: Job, tell: () => void): void {
		if (this.job !== job) return;
		this.job = null;
		if (this.isStale) void this.start();
		else tell();
	}
}
