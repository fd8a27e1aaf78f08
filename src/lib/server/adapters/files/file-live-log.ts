// The live log in files of one process: numbered segments that only grow, and an index of them in memory.
// Leaves the format to log-record, writing to log-writer, the start to log-recovery.
import { mkdir, open, rm } from 'node:fs/promises';
import { AppError } from '#domain/errors.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { LiveLog, LogDamage, LoggedPage, StoredBatch } from '#server/ports/live-log.ts';
import { followPage } from '../inprocess/follow-page.ts';
import { PageNews } from '../inprocess/page-news.ts';
import { SystemClock } from '../inprocess/system-clock.ts';
import { addDamage, readDamage } from './damage-list.ts';
import { LogIndex } from './log-index.ts';
import { decodeBatch, encodeBatch, encodeTombstone, encodeTrim } from './log-record.ts';
import { lookAtSegment, recoverSegment, segmentNumbers, segmentPath } from './log-recovery.ts';
import { LogWriter } from './log-writer.ts';
import type { Place } from './page-index.ts';

export type FileLiveLogOptions = { segmentBytes?: number; syncEveryMs?: number; clock?: Clock };

/** What a backup takes from the log. */
export type ReadableLog = Pick<LiveLog, 'pages' | 'read'>;

/** Large enough that files stay few, small enough that a finished day frees its space. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

/** At most this much is lost to a power cut (design.md §5.5). */
const SYNC_EVERY_MS = 100;

/** Batches of one page lie close together: one read of this span serves dozens of them. */
const READ_SPAN_BYTES = 1024 * 1024;

/**
 * Batches leave this log within seconds, as soon as they are sealed: packing each small one by itself would cost the hub more than
 * the disk is spared. A snapshot is packed, off the loop.
 */
const PACK_ABOVE_BYTES = 64 * 1024;

export class FileLiveLog implements LiveLog {
	readonly #folder: string;
	readonly #index: LogIndex;
	readonly #writer: LogWriter;
	readonly #damage: readonly LogDamage[];
	/** Batches on their way to the disk: a page that sends twice must wait for the first, and share its fate. */
	readonly #pending = new Map<string, Map<number, Promise<void>>>();
	readonly #news = new PageNews();
	#tidying: Promise<void> = Promise.resolve();

	private constructor(folder: string, index: LogIndex, writer: LogWriter, damage: readonly LogDamage[]) {
		this.#folder = folder;
		this.#index = index;
		this.#writer = writer;
		this.#damage = damage;
	}

	/** Reads what is there, cuts what is damaged and is then ready. Only one process may have the folder open. */
	static async open(folder: string, options: FileLiveLogOptions = {}): Promise<FileLiveLog> {
		const { clock = new SystemClock(), segmentBytes = SEGMENT_BYTES, syncEveryMs = SYNC_EVERY_MS } = options;
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const index = new LogIndex();
		const numbers = segmentNumbers(folder);
		for (const number of numbers) {
			const found = recoverSegment(folder, number, index, clock.now());
			if (found) addDamage(folder, found);
		}
		const firstNumber = (numbers.at(-1) ?? 0) + 1;
		const writer = new LogWriter({ folder, segmentBytes, syncEveryMs, firstNumber });
		return new FileLiveLog(folder, index, writer, Object.freeze(readDamage(folder)));
	}

	/** What the folder holds now, while another process may be writing there: nothing is cut, deleted or written. */
	static async look(folder: string): Promise<ReadableLog> {
		const index = new LogIndex();
		for (const number of segmentNumbers(folder)) lookAtSegment(folder, number, index);
		const writer = new LogWriter({ folder, segmentBytes: 0, syncEveryMs: SYNC_EVERY_MS, firstNumber: 0 });
		await writer.close();
		return new FileLiveLog(folder, index, writer, []);
	}

	/** One process has the folder open, so it owns every page; all that `got` needs is in memory since the start. */
	claim(): Promise<number> {
		// One process has the folder open, so there is never a second claim.
		return Promise.resolve(0);
	}

	release(): void {
		// The index is the log's own: nothing is kept for a page's owner alone.
	}

	append(batch: StoredBatch): Promise<void> {
		if (this.#index.page(batch.pageId)?.has(batch.seq)) return Promise.resolve();
		const pending = this.#pending.get(batch.pageId) ?? new Map<number, Promise<void>>();
		const first = pending.get(batch.seq);
		if (first) return first;
		const stored = this.#store(batch).finally(() => {
			pending.delete(batch.seq);
			if (pending.size === 0) this.#pending.delete(batch.pageId);
		});
		pending.set(batch.seq, stored);
		this.#pending.set(batch.pageId, pending);
		return stored;
	}

	got(pageId: string): number {
		return this.#index.page(pageId)?.got ?? -1;
	}

	async *read(pageId: string, from = 0): AsyncGenerator<StoredBatch> {
		let next = from;
		for (;;) {
			const places = this.#index.page(pageId)?.run(next, READ_SPAN_BYTES) ?? [];
			const last = places.at(-1);
			if (!last) return;
			for (const record of await this.#readSpan(places)) {
				const batch = await decodeBatch(record);
				// Damage since the start: left out like a hole, and the next start cuts and reports it.
				if (batch) yield batch;
			}
			next = last.seq + 1;
		}
	}

	follow(pageId: string, from: number, signal: AbortSignal): AsyncIterable<StoredBatch> {
		return followPage({ log: this, news: this.#news, pageId, from, signal });
	}

	reached(pageId: string): Promise<number> {
		return Promise.resolve(this.got(pageId));
	}

	async trim(pageId: string, upToSeq: number): Promise<void> {
		const page = this.#index.page(pageId);
		// Beyond what it has without a hole nothing can be sealed.
		const seq = Math.min(upToSeq, page?.got ?? -1);
		if (!page || seq <= page.trimmed) return;
		await this.#writeTrim({ pageId, impersonationId: page.impersonationId, seq });
		await this.#tidy();
	}

	async seed({
		pageId,
		impersonationId,
		upToSeq
	}: {
		pageId: string;
		impersonationId: string;
		upToSeq: number;
	}) {
		if (upToSeq <= this.got(pageId)) return;
		await this.#writeTrim({ pageId, impersonationId, seq: upToSeq });
	}

	async *pages(): AsyncGenerator<LoggedPage> {
		for (const [pageId, { impersonationId, count, got }] of this.#index.pages())
			if (count > 0) yield await Promise.resolve({ pageId, impersonationId, got });
	}

	async remove(pageId: string): Promise<void> {
		// What is on its way would land behind the tombstone and live on.
		await Promise.allSettled(this.#pending.get(pageId)?.values() ?? []);
		if (!this.#index.page(pageId)) return;
		const record = encodeTombstone(pageId);
		const head = { kind: 'tombstone', impersonationId: '', pageId, seq: 0 } as const;
		await this.#writer.append(record, ({ segment, offset }) =>
			this.#index.record(head, segment, offset, record.length)
		);
		const current = this.#writer.current;
		if (current !== null && this.#index.segment(current).alive === 0) await this.#writer.rotateIfIdle();
		await this.#tidy();
	}

	damage(): readonly LogDamage[] {
		return this.#damage;
	}

	async close(): Promise<void> {
		await Promise.allSettled([...this.#pending.values()].flatMap((page) => [...page.values()]));
		await this.#writer.close();
	}

	async #store(batch: StoredBatch): Promise<void> {
		const record = await encodeBatch(batch, PACK_ABOVE_BYTES);
		const { impersonationId, pageId, seq } = batch;
		const head = { kind: 'batch', impersonationId, pageId, seq } as const;
		await this.#writer.append(record, ({ segment, offset }) =>
			this.#index.record(head, segment, offset, record.length)
		);
		this.#news.tell(pageId);
	}

	async #writeTrim(trimmed: { pageId: string; impersonationId: string; seq: number }): Promise<void> {
		const record = encodeTrim(trimmed);
		const head = { kind: 'trim', ...trimmed } as const;
		await this.#writer.append(record, ({ segment, offset }) =>
			this.#index.record(head, segment, offset, record.length)
		);
	}

	/** Deletes files in which nothing is alive; one at a time, so that no file is judged while another leaves. */
	#tidy(): Promise<void> {
		const tidied = this.#tidying.then(() => this.#deleteDead());
		// A failure is the caller's to hear; the next one tries anew.
		this.#tidying = tidied.catch(() => undefined);
		return tidied;
	}

	async #deleteDead(): Promise<void> {
		const carried = this.#index.trimsToCarry(this.#writer.current).flatMap((pageId) => {
			const page = this.#index.page(pageId);
			return page ? [{ pageId, impersonationId: page.impersonationId, seq: page.trimmed }] : [];
		});
		await Promise.all(carried.map((trimmed) => this.#writeTrim(trimmed)));
		// On the disk before the file that said so goes: a power cut must not take both.
		if (carried.length > 0) await this.#writer.sync();
		for (const number of this.#index.takeDead(this.#writer.current))
			await rm(segmentPath(this.#folder, number), { force: true });
	}

	async #readSpan(places: readonly Place[]): Promise<Buffer[]> {
		const segment = places[0]?.segment ?? 0;
		const low = Math.min(...places.map((place) => place.offset));
		const high = Math.max(...places.map((place) => place.offset + place.length));
		const span = Buffer.allocUnsafe(high - low);
		try {
			const file = await open(segmentPath(this.#folder, segment), 'r');
			await file.read(span, 0, span.length, low).finally(() => file.close());
		} catch (error) {
			// Removed by retention while it was being read: then there is nothing left to read.
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
			throw new AppError('try_later', 'The recording cannot be read right now. Try again in a moment.');
		}
		return places.map((place) => span.subarray(place.offset - low, place.offset - low + place.length));
	}
}
