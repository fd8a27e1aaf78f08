// Pages whose sockets other hubs hold, for watchers here: each page's log is read once for all of them, and what comes is relayed
// as if it had come of a socket of our own.
import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '#domain/errors.ts';
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import { FEED_RETRY_MS } from './hub-limits.ts';

export type PageFeedsOptions = {
	liveLog: Pick<LiveLog, 'reached' | 'follow' | 'got'>;
	/** Its batches come in here: nothing is to be read. */
	isHere(pageId: string): boolean;
	/** Pages that somebody here is shown. */
	watched(): ReadonlySet<string>;
	relay(batch: StoredBatch): void;
	/** More of it is in the log than was relayed. */
	nudge(pageId: string): void;
	onError(error: unknown): void;
	/** Tests wait for less. */
	retryMs?: number;
};

type Feed = { got: number; stop: AbortController; first: Promise<void> };

export class PageFeeds {
	private readonly options: PageFeedsOptions;
	private readonly feeds = new Map<string, Feed>();
	private isOver = false;

	constructor(options: PageFeedsOptions) {
		this.options = options;
	}

	get size(): number {
		return this.feeds.size;
	}

	/** Highest number of the page that this hub knows of, wherever the page is connected. */
	got(pageId: string): number {
		return Math.max(this.options.liveLog.got(pageId), this.feeds.get(pageId)?.got ?? -1);
	}

	/** Somebody is about to be shown the page; resolves once `got` is true of it. @throws as the log */
	async begin(pageId: string): Promise<void> {
		if (this.options.isHere(pageId)) return;
		await this.open(pageId).first;
	}

	/** The page connected here, or its connection here is gone. */
	moved(pageId: string): void {
		if (this.options.isHere(pageId)) {
			this.close(pageId);
			// What the feed had not come to is in the log all the same.
			this.options.nudge(pageId);
		} else if (this.options.watched().has(pageId)) this.reopen(pageId);
	}

	/** Ends what nobody is shown any more and begins what somebody is shown. */
	tick(): void {
		const watched = this.options.watched();
		for (const pageId of this.feeds.keys())
			if (!watched.has(pageId) || this.options.isHere(pageId)) this.close(pageId);
		for (const pageId of watched) if (!this.options.isHere(pageId)) this.reopen(pageId);
	}

	stop(): void {
		this.isOver = true;
		for (const pageId of this.feeds.keys()) this.close(pageId);
	}

	private reopen(pageId: string): void {
		if (this.isOver) return;
		// Whoever waits for the first answer is told of its failure; here the feed tries again by itself.
		this.open(pageId).first.catch(() => undefined);
	}

	private open(pageId: string): Feed {
		const known = this.feeds.get(pageId);
		if (known) return known;
		const { promise: first, resolve, reject } = Promise.withResolvers<void>();
		const feed: Feed = { got: -1, stop: new AbortController(), first };
		this.feeds.set(pageId, feed);
		void this.run(pageId, feed, resolve, reject);
		return feed;
	}

	private close(pageId: string): void {
		this.feeds.get(pageId)?.stop.abort();
		this.feeds.delete(pageId);
	}

	/** Reads until it is stopped; what fails is tried again. */
	private async run(
		pageId: string,
		feed: Feed,
		begun: () => void,
		failed: (error: unknown) => void
	): Promise<void> {
		const { liveLog, relay, nudge, onError, retryMs = FEED_RETRY_MS } = this.options;
		const { signal } = feed.stop;
		let isFailing = false;
		while (!signal.aborted) {
			try {
				feed.got = await liveLog.reached(pageId);
				begun();
				isFailing = false;
				// Whoever asks from now on need not hear of a failure that is over.
				feed.first = Promise.resolve();
				nudge(pageId);
				for await (const batch of liveLog.follow(pageId, feed.got + 1, signal)) {
					feed.got = batch.seq;
					relay(batch);
				}
			} catch (error) {
				failed(error);
				// Sealed away between the two questions: it goes on behind that.
				const isSealed = isAppError(error) && error.code === 'not_found';
				// The first of many, where the log is away.
				if (!isSealed && !isFailing) onError(error);
				isFailing = !isSealed;
				await sleep(retryMs, undefined, { signal }).catch(() => undefined);
			}
		}
		begun();
	}
}
