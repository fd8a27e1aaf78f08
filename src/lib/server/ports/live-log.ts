// The un-sealed batches of each recorded page. Not in it: who may read, what a batch means, sealing.

/** A batch as the hub took it; `bytes` are UTF-8 JSON, an array of rrweb events. */
export type StoredBatch = {
	impersonationId: string;
	pageId: string;
	/** Number on its page, from 0 without holes. */
	seq: number;
	/** Hub time of receipt, ms since the epoch. */
	receivedAt: number;
	/** Add to an event's timestamp to get hub time (ms). */
	offsetMs: number;
	bytes: Uint8Array;
};

/** A stretch that was lost to damage, with what is still known of it. */
export type LogDamage = { file: string; at: number; lostBytes: number; foundAt: number };

export interface LiveLog {
	/**
	 * Keeps a batch. Resolves when it would survive the death of this process (design.md §5.5).
	 * A number the page already has is not stored twice; resolves all the same.
	 * @throws AppError `try_later` when the disk refuses
	 */
	append(batch: StoredBatch): Promise<void>;
	/** Highest number without a hole from 0, or -1. */
	got(pageId: string): number;
	/** The page's batches from `from` (inclusive), in order of their numbers. */
	read(pageId: string, from?: number): AsyncIterable<StoredBatch>;
	/** Deletes all batches of a page; used by retention. */
	remove(pageId: string): Promise<void>;
	/** What recovery had to cut at start, oldest first. */
	damage(): readonly LogDamage[];
	close(): Promise<void>;
}
