import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from 'redis';
import { migrateJobs } from '#server/jobs/migrate-jobs.ts';
import { openJobs } from '#server/jobs/queue.ts';
import { RedisServer } from '#support/redis-server.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { jobsContract } from './jobs.contract.ts';

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

it('refuse a job while Redis is gone, so that the outbox keeps it, and take it afterwards', async () => {
	const own = await RedisServer.start();
	const jobs = await openJobs({ redisUrl: own.url }, quiet);
	const one = [{ name: 'notices.spread' as const, data: { seqs: ['1'] } }];
	await jobs.add(one);
	await own.kill();
	await expect(jobs.add(one)).rejects.toThrow();
	await own.resume();
	const add = () =>
		jobs.add(one).then(
			() => 'taken',
			() => 'refused'
		);
	await expect.poll(add, { timeout: 8_000 }).toBe('taken');
	// What was added before the kill is there, too: Redis keeps a log.
	expect((await jobs.counts()).waiting).toBeGreaterThanOrEqual(2);
	await jobs.close();
	await own.stop();
});
