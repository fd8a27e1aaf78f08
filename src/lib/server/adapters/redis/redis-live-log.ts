// The live log in Redis: a stream for each page, owned by the process with the page's newest epoch. What must be one step is
// in page-scripts. Redis answers an append after it wrote it to its own log (appendonly), so that its death loses nothing.
import { AppError } from '#domain/errors.ts';
import type { LiveLog, LogDamage, LoggedPage, StoredBatch } from '#server/ports/live-log.ts';
import { decodeBatch, encodeBatch } from '../files/log-record.ts';
import {
	appendToPage,
	claimPage,
	entryOf,
	LOGGED_PAGES,
	logKey,
	pageKey,
	removePage,
	seedPage,
	type Seed,
	trimPage
} from './page-scripts.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisPageNews } from './redis-page-news.ts';
import { requireDurable } from './require-durable.ts';

/** Few enough that a page of batches at their limit stays bearable, many enough that a read is no chatter. */
const READ_AT_ONCE = 8;
const SCAN_AT_ONCE = 200;

type Owned = { epoch: string; got: number; isFenced: boolean; turn: Promise<void> };

export class RedisLiveLog implements LiveLog {
	readonly #redis: RedisConnection;
	readonly #listener: RedisConnection;
	readonly #news: RedisPageNews;
	readonly #owned = new Map<string, Owned>();
	readonly #underWay = new Map<string, Set<Promise<void>>>();
	readonly #claiming = new Map<string, Promise<Owned>>();

	private constructor(redis: RedisConnection, listener: RedisConnection) {
		this.#redis = redis;
		this.#listener = listener;
		this.#news = new RedisPageNews(listener);
	}

	/** @throws AppError `invalid` for a Redis that may forget; `try_later` when none answers */
	static async open(url: string, onError: (error: Error) => void): Promise<RedisLiveLog> {
		const redis = await RedisConnection.open(url, onError);
		try {
			await requireDurable(redis);
			return new RedisLiveLog(redis, await RedisConnection.open(url, onError));
		} catch (error) {
			await redis.close();
			throw error;
		}
	}

	async claim(pageId: string): Promise<number> {
		return Number((await this.#claim(pageId)).epoch);
	}

	release(pageId: string): void {
		this.#owned.delete(pageId);
	}

	append(batch: StoredBatch): Promise<void> {
		const { pageId } = batch;
		const under = this.#underWay.get(pageId) ?? new Set();
		this.#underWay.set(pageId, under);
		const kept = this.#append(batch).finally(() => {
			under.delete(kept);
			if (under.size === 0 && this.#underWay.get(pageId) === under) this.#underWay.delete(pageId);
		});
		under.add(kept);
		return kept;
	}

	got(pageId: string): number {
		return this.#owned.get(pageId)?.got ?? -1;
	}

	async reached(pageId: string): Promise<number> {
		return Number((await this.#redis.ask('HGET', pageKey(pageId), 'got')) ?? -1);
	}

	async *read(pageId: string, from = 0): AsyncGenerator<StoredBatch> {
		for (let next = entryOf(from); ;) {
			const found = await this.#redis.askBytes(
				'XRANGE',
				logKey(pageId),
				next,
				'+',
				'COUNT',
				String(READ_AT_ONCE)
			);
			const entries = found as [id: Buffer, fields: [Buffer, Buffer]][];
			for (const [, [, record]] of entries) {
				const batch = await decodeBatch(record);
				// Damaged on its way through a disk: left out like a hole.
				if (batch) yield batch;
			}
			const last = entries.at(-1)?.[0].toString();
			if (!last) return;
			next = `(${last}`;
		}
	}

	follow(pageId: string, from: number, signal: AbortSignal): AsyncIterable<StoredBatch> {
		return this.#news.follow(this, { pageId, from, signal });
	}

	trim(pageId: string, upToSeq: number): Promise<void> {
		return trimPage(this.#redis, pageId, upToSeq);
	}

	async seed(page: Seed): Promise<void> {
		await seedPage(this.#redis, page);
		// What this process knew of the page is older than that.
		this.#owned.delete(page.pageId);
	}

	async *pages(): AsyncGenerator<LoggedPage> {
		for (let cursor = '0'; ;) {
			const scan = this.#redis.ask('SSCAN', LOGGED_PAGES, cursor, 'COUNT', String(SCAN_AT_ONCE));
			const [next, pageIds] = (await scan) as [string, string[]];
			for (const pageId of pageIds) {
				const facts = await this.#redis.ask('HMGET', pageKey(pageId), 'impersonation', 'got');
				const [impersonationId, got] = facts as (string | null)[];
				// Removed while we looked.
				if (impersonationId && got) yield { pageId, impersonationId, got: Number(got) };
			}
			if (next === '0') return;
			cursor = next;
		}
	}

	async remove(pageId: string): Promise<void> {
		// What is on its way must not land behind the removal and live on.
		await Promise.allSettled(this.#underWay.get(pageId) ?? []);
		await removePage(this.#redis, pageId);
		this.#owned.delete(pageId);
	}

	/** @throws AppError `try_later` when Redis does not answer */
	async ping(): Promise<void> {
		await this.#redis.ask('PING');
	}

	/** Redis repairs its own log. */
	damage(): readonly LogDamage[] {
		return [];
	}

	async close(): Promise<void> {
		await Promise.allSettled([...this.#underWay.values()].flatMap((page) => [...page]));
		await Promise.all([this.#redis.close(), this.#listener.close()]);
	}

	async #append(batch: StoredBatch): Promise<void> {
		const { pageId, impersonationId, seq } = batch;
		const page = this.#owned.get(pageId) ?? (await this.#claim(pageId));
		if (page.isFenced) throw fenced();
		if (seq <= page.got) return;
		// Packing a large batch takes its time; the next one must not overtake it.
		const before = page.turn;
		const packing = encodeBatch(batch);
		const { promise, resolve: sent } = Promise.withResolvers<void>();
		page.turn = promise;
		try {
			const [record] = await Promise.all([packing, before]);
			const appending = appendToPage(this.#redis, {
				pageId,
				impersonationId,
				epoch: page.epoch,
				seq,
				record
			});
			sent();
			judge(page, await appending);
		} finally {
			sent();
		}
	}

	/** Two that come together share one claim: a second epoch would fence the first one's append. */
	#claim(pageId: string): Promise<Owned> {
		const under = this.#claiming.get(pageId);
		if (under) return under;
		const claimed = this.#takeOver(pageId).finally(() => this.#claiming.delete(pageId));
		this.#claiming.set(pageId, claimed);
		return claimed;
	}

	async #takeOver(pageId: string): Promise<Owned> {
		const known = this.#owned.get(pageId);
		const { epoch, got } = await claimPage(this.#redis, pageId, known?.epoch);
		// Still ours: what is under way may be answered meanwhile, and must not be forgotten. With nothing under way Redis is
		// right: after a power cut it may know less than it once said, and then the page must send that again.
		const isSame = known?.epoch === epoch;
		const owned = isSame ? known : { epoch, got, isFenced: false, turn: Promise.resolve() };
		owned.got = isSame && this.#underWay.has(pageId) ? Math.max(owned.got, got) : got;
		this.#owned.set(pageId, owned);
		return owned;
	}
}

function judge(page: Owned, { verdict, got }: Awaited<ReturnType<typeof appendToPage>>): void {
	if (verdict === 'fenced') {
		page.isFenced = true;
		throw fenced();
	}
	page.got = verdict === 'hole' ? got : Math.max(page.got, got);
	// After a power cut Redis may know less than it once said: the page sends again from what it knows now.
	if (verdict === 'hole')
		throw new AppError('try_later', 'Earlier batches are missing. Send from there again.');
}

const fenced = (): AppError => new AppError('conflict', 'Another process has taken this page over.');
