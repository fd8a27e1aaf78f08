// News of pages that other processes append to: one listening connection for this whole process, a channel for each page
// that anybody here follows. A blocking read for each of them would cost a connection each.
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import { followPage } from '../inprocess/follow-page.ts';
import { PageNews } from '../inprocess/page-news.ts';
import { newsChannel } from './page-scripts.ts';
import type { RedisConnection } from './redis-connection.ts';

export class RedisPageNews {
	readonly #listener: RedisConnection;
	readonly #news = new PageNews();
	readonly #followers = new Map<string, number>();
	#turn: Promise<unknown> = Promise.resolve();

	constructor(listener: RedisConnection) {
		this.#listener = listener;
		listener.onMended(() => this.#news.tellAll());
	}

	async *follow(
		log: Pick<LiveLog, 'read'>,
		page: { pageId: string; from: number; signal: AbortSignal }
	): AsyncGenerator<StoredBatch> {
		const { pageId } = page;
		await this.#count(pageId, 1);
		try {
			yield* followPage({ log, news: this.#news, ...page });
		} finally {
			await this.#count(pageId, -1);
		}
	}

	/** One after the other: the last follower's farewell must not end the listening that the next one just began. */
	#count(pageId: string, change: 1 | -1): Promise<void> {
		const counted = this.#turn.then(async () => {
			const before = this.#followers.get(pageId) ?? 0;
			if (change === 1 && before === 0)
				await this.#listener.listen(newsChannel(pageId), () => this.#news.tell(pageId));
			if (before + change > 0) return void this.#followers.set(pageId, before + change);
			this.#followers.delete(pageId);
			// Whether the server heard it or is gone, nobody here waits for this page any more.
			await this.#listener.unlisten(newsChannel(pageId)).catch(() => undefined);
		});
		this.#turn = counted.catch(() => undefined);
		return counted;
	}
}
