import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from 'redis';
import { migrateJobs } from '#server/jobs/migrate-jobs.ts';
import { openJobs } from '#server/jobs/queue.ts';
import { RedisServer } from '#support/redis-server.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { handlersOf, jobsContract } from './jobs.contract.ts';

const quiet = () => undefined;

let redis: RedisServer;
beforeAll(async () => {
	redis = await RedisServer.start();
});
afterAll(() => redis.stop());

jobsContract('PostgreSQL', async () => {
	const database = await createTestDatabase();
	await migrateJobs(database.owner);
	return { open: () => openJobs(database.connection, quiet), close: () => database.drop() };
});

jobsContract('Redis', async () => {
	const client = await createClient({ url: redis.url }).connect();
	await client.flushDb();
	return { open: () => openJobs({ redisUrl: redis.url }, quiet), close: async () => client.destroy() };
});

it('are refused while Redis is gone, so that the outbox keeps them, and taken and worked on afterwards', async () => {
	const own = await RedisServer.start();
	const jobs = await openJobs({ redisUrl: own.url }, quiet);
	const one = [{ name: 'notices.spread' as const, data: { seqs: ['1'] } }];
	await jobs.add(one);
	await own.kill();
	await expect(jobs.add(one)).rejects.toThrow();
	await own.resume();
	const seen: unknown[] = [];
	const working = await openJobs({ redisUrl: own.url }, quiet);
	await working.work(
		handlersOf((job) => Promise.resolve(seen.push(job))),
		quiet
	);
	const add = () =>
		jobs.add(one).then(
			() => 'taken',
			() => 'refused'
		);
	await expect.poll(add).toBe('taken');
	// What was added before the kill is there, too: Redis keeps a log.
	await expect.poll(() => seen.length).toBeGreaterThanOrEqual(2);
	await own.kill();
	await own.resume();
	// A worker that was waiting when Redis went takes up its work by itself.
	await expect.poll(add).toBe('taken');
	await expect.poll(() => seen.length).toBeGreaterThanOrEqual(3);
	await working.close();
	await jobs.close();
	await own.stop();
});
