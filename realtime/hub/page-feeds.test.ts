import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { followPage } from '#server/adapters/inprocess/follow-page.ts';
import { PageNews } from '#server/adapters/inprocess/page-news.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { PageFeeds } from './page-feeds.ts';

const batchOf = (seq: number): StoredBatch => ({
	impersonationId: 'i',
	pageId: 'p',
	seq,
	receivedAt: 0,
	offsetMs: 0,
	bytes: new Uint8Array()
});

/** One page that another hub writes. */
function stage(had: number) {
	const log = Array.from({ length: had }, (_, seq) => batchOf(seq));
	const news = new PageNews();
	const world = { isHere: false, isDown: false, trimmedTo: 0, owned: -1 };
	const watched = new Set(['p']);
	const heard: string[] = [];
	const answer = <T>(value: T): Promise<T> =>
		world.isDown ? Promise.reject(new AppError('try_later', 'Redis is away.')) : Promise.resolve(value);
	const read = async function* (_page: string, from = 0) {
		await answer(null);
		for (const batch of log.slice(Math.max(from, world.trimmedTo))) yield batch;
	};
	const feeds = new PageFeeds({
		liveLog: {
			got: () => world.owned,
			reached: () => answer(log.length - 1),
			follow: (pageId, from, signal) => followPage({ log: { read }, news, pageId, from, signal })
		},
		isHere: () => world.isHere,
		watched: () => watched,
		relay: ({ seq }) => heard.push(`relay ${seq}`),
		nudge: () => heard.push(`nudge ${feeds.got('p')}`),
		onError: () => heard.push('error'),
		retryMs: 5
	});
	const store = async (): Promise<void> => {
		log.push(batchOf(log.length));
		news.tell('p');
		await delay(1);
	};
	return { feeds, world, watched, heard, store, log };
}

it('reads a page of another hub once for all who watch it here, from its end on', async () => {
	const { feeds, heard, store } = stage(3);
	await Promise.all([feeds.begin('p'), feeds.begin('p')]);
	expect(feeds.got('p')).toBe(2);
	await store();
	await store();
	expect(heard).toEqual(['nudge 2', 'relay 3', 'relay 4']);
	expect(feeds.got('p')).toBe(4);
	feeds.stop();
});

it('reads nothing of a page that is connected here, and goes on where its connection went', async () => {
	const { feeds, world, heard, store } = stage(3);
	world.isHere = true;
	world.owned = 2;
	await feeds.begin('p');
	feeds.tick();
	expect([feeds.size, feeds.got('p')]).toEqual([0, 2]);
	world.isHere = false;
	await store();
	feeds.moved('p');
	await delay(1);
	// What another hub stored meanwhile is in the log for those who were told.
	expect(heard).toEqual(['nudge 3']);
	await store();
	world.isHere = true;
	feeds.moved('p');
	await store();
	expect(heard).toEqual(['nudge 3', 'relay 4', 'nudge 2']);
	expect(feeds.size).toBe(0);
});

it('ends with the last who watches', async () => {
	const { feeds, watched, heard, store } = stage(0);
	await feeds.begin('p');
	await store();
	watched.clear();
	feeds.tick();
	await store();
	expect(heard).toEqual(['nudge -1', 'relay 0']);
	expect(feeds.size).toBe(0);
});

it('refuses whoever begins while the log does not answer, and goes on by itself once it does', async () => {
	const { feeds, world, heard, store } = stage(2);
	world.isDown = true;
	await expect(feeds.begin('p')).rejects.toMatchObject({ code: 'try_later' });
	world.isDown = false;
	await expect.poll(() => heard.at(-1)).toBe('nudge 1');
	await feeds.begin('p');
	await store();
	expect(heard.filter((line) => line !== 'error')).toEqual(['nudge 1', 'relay 2']);
	feeds.stop();
});

it('goes on behind what was sealed away under its hands', async () => {
	const { feeds, world, heard, log, store } = stage(1);
	await feeds.begin('p');
	log.push(batchOf(1), batchOf(2));
	world.trimmedTo = 2;
	await store();
	await expect.poll(() => heard.at(-1)).toBe('nudge 3');
	await store();
	expect(heard).toEqual(['nudge 0', 'nudge 3', 'relay 4']);
	feeds.stop();
});
