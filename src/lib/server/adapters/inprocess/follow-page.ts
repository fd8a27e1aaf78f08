// Following a page over any log: read what is there, wait for news, read on. The two logs differ only in how news reach them.
import { AppError } from '#domain/errors.ts';
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import type { PageNews } from './page-news.ts';

export type FollowOptions = {
	log: Pick<LiveLog, 'read'>;
	news: PageNews;
	pageId: string;
	from: number;
	signal: AbortSignal;
};

/** @throws AppError `not_found` when a batch it should go on with was trimmed: it is in a sealed block */
export async function* followPage(options: FollowOptions): AsyncGenerator<StoredBatch> {
	const { log, news, pageId, from } = options;
	// A reader that just leaves the loop aborts nothing: its wait must end all the same.
	const left = new AbortController();
	const signal = AbortSignal.any([options.signal, left.signal]);
	try {
		for (let next = from; !signal.aborted;) {
			const toldOfMore = news.next(pageId, signal);
			for await (const batch of log.read(pageId, next)) {
				if (signal.aborted) return;
				if (batch.seq !== next)
					throw new AppError('not_found', 'This stretch is not in the live log: it is sealed, or was lost.');
				yield batch;
				next += 1;
			}
			await toldOfMore;
		}
	} finally {
		left.abort();
	}
}
