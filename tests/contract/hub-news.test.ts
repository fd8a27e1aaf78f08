import { afterAll, beforeAll, expect, it } from 'vitest';
import { InProcessHubNews } from '#server/adapters/inprocess/in-process-hub-news.ts';
import { RedisHubNews } from '#server/adapters/redis/redis-hub-news.ts';
import { RedisServer } from '#support/redis-server.ts';
import { hubNewsContract } from './hub-news.contract.ts';

let server: RedisServer;
beforeAll(async () => {
	server = await RedisServer.start();
});
afterAll(() => server.stop());

hubNewsContract('one process', () => {
	const errors: unknown[] = [];
	const news = new InProcessHubNews((error) => errors.push(error));
	return Promise.resolve({ news, errors });
});

hubNewsContract('Redis', async () => {
	const errors: unknown[] = [];
	return { news: await RedisHubNews.open(server.url, (error) => errors.push(error)), errors };
});

it('reach other processes', async () => {
	const [here, there] = await Promise.all([1, 2].map(() => RedisHubNews.open(server.url, () => {})));
	const heard: string[] = [];
	there!.subscribe((text) => heard.push(text));
	await here!.publish('hello');
	await expect.poll(() => heard).toEqual(['hello']);
	await Promise.all([here!.close(), there!.close()]);
});
