// The un-sealed batches of each recorded page. Not in it: who may read, what a batch means, sealing.
// A page is owned by one process at a time, the one that holds its socket; only the owner appends. Everybody may read,
// follow and trim.

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

/** A page that still has batches in the log. */
export type LoggedPage = { pageId: string; impersonationId: string; got: number };

export interface LiveLog {
	/**
	 * This process owns the page from now on and `got` tells the truth of it. A process that claimed it before is fenced:
	 * its next append is refused. Claiming one's own page again is harmless.
	 * @returns the claim's number: of two processes that claimed a page, the higher came later
	 * @throws AppError `try_later` when the log does not answer
	 */
	claim(pageId: string): Promise<number>;
	/** This process forgets a page that it owned: its socket is gone for good. The log itself does not change. */
	release(pageId: string): void;
	/**
	 * Keeps a batch. Resolves when it would survive the death of this process (design.md §5.5).
	 * A number the page already has, or had before it was trimmed, is not stored twice; resolves all the same.
	 * A page that this process never claimed is claimed first.
	 * @throws AppError `conflict` when another process owns the page by now: leave it alone, or claim it anew
	 * @throws AppError `try_later` when the disk refuses, or for a number that would leave a hole which it cannot keep
	 */
	append(batch: StoredBatch): Promise<void>;
	/** Highest number without a hole from 0, or -1. Of a page claimed here; others are asked for by `reached`. */
	got(pageId: string): number;
	/** The same for any page, whoever owns it. */
	reached(pageId: string): Promise<number>;
	/** The page's batches from `from` (inclusive), in order of their numbers, until nothing more is there now. */
	read(pageId: string, from?: number): AsyncIterable<StoredBatch>;
	/**
	 * As `read`, but waits for what is still to come, in order and without a hole, until `signal` says stop. For watchers
	 * on a process that does not own the page.
	 */
	follow(pageId: string, from: number, signal: AbortSignal): AsyncIterable<StoredBatch>;
	/** Batches up to this number are sealed elsewhere and may go; `got` never falls below it. Twice is once. */
	trim(pageId: string, upToSeq: number): Promise<void>;
	/**
	 * Tells the log that all numbers up to one are kept elsewhere, though it never had them or lost them: the page goes on
	 * behind them. Batches here up to that number may go. No effect below what it has.
	 */
	seed(page: { pageId: string; impersonationId: string; upToSeq: number }): Promise<void>;
	/** Pages that still have batches here, in no order. */
	pages(): AsyncIterable<LoggedPage>;
	/** Deletes all that is known of a page, its number included: when its recording is wholly sealed, or too old. */
	remove(pageId: string): Promise<void>;
	/** What recovery had to cut at start, oldest first. */
	damage(): readonly LogDamage[];
	close(): Promise<void>;
}
