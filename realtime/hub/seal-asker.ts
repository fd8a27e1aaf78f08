// Asks for a page to be sealed: some seconds after something came, sooner after much, at once when it is closed or over. Who
// seals, and whether there is enough for a block, is the job's business; a question too many costs one look at the log.
import { SEAL_AFTER_BYTES, SEAL_AFTER_MS, SEAL_TICK_MS } from './hub-limits.ts';

export type SealAskerOptions = {
	ask(pageId: string): Promise<void>;
	now(): number;
	onError(error: unknown): void;
};

type Waiting = { since: number; bytes: number };

export class SealAsker {
	private readonly options: SealAskerOptions;
	/** Pages of which something came since they were last asked for. */
	private readonly waiting = new Map<string, Waiting>();
	private timer: NodeJS.Timeout | null = null;

	constructor(options: SealAskerOptions) {
		this.options = options;
	}

	start(): void {
		this.timer = setInterval(() => this.tick(), SEAL_TICK_MS);
	}

	stop(): void {
		if (this.timer) clearInterval(this.timer);
	}

	/** A batch is in the log. */
	stored(pageId: string, bytes: number): void {
		const page = this.waiting.get(pageId) ?? { since: this.options.now(), bytes: 0 };
		this.waiting.set(pageId, page);
		page.bytes += bytes;
		if (page.bytes < SEAL_AFTER_BYTES) return;
		// What is left over after full blocks is still asked for by the clock.
		page.bytes = 0;
		this.ask(pageId, page.since);
	}

	/** Nothing more comes of it for now: what is there is sealed, be it ever so little. */
	closed(pageId: string): void {
		const page = this.waiting.get(pageId);
		if (page) this.askForAll(pageId, page);
	}

	tick(): void {
		const now = this.options.now();
		for (const [pageId, page] of this.waiting)
			if (now - page.since >= SEAL_AFTER_MS) this.askForAll(pageId, page);
	}

	private askForAll(pageId: string, { since }: Waiting): void {
		this.waiting.delete(pageId);
		this.ask(pageId, since);
	}

	private ask(pageId: string, since: number): void {
		this.options.ask(pageId).catch((error: unknown) => {
			this.options.onError(error);
			// Asked again by the clock: nobody else does so within the minute.
			const page = this.waiting.get(pageId);
			this.waiting.set(pageId, { since: page?.since ?? since, bytes: page?.bytes ?? 0 });
		});
	}
}
