import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisLiveLog } from '#server/adapters/redis/redis-live-log.ts';
import { RedisServer, type RedisSettings } from '#support/redis-server.ts';
import { batchOf, liveLogContract, readAll } from './live-log.contract.ts';

const open = (server: RedisServer) => RedisLiveLog.open(server.url, () => {});

async function withServer(work: (server: RedisServer) => Promise<void>, settings?: RedisSettings) {
	const server = await RedisServer.start(settings);
	await work(server).finally(() => server.stop());
}

let shared: RedisServer;
beforeAll(async () => {
	shared = await RedisServer.start();
});
afterAll(() => shared.stop());

async function empty(log: RedisLiveLog): Promise<void> {
	for await (const { pageId } of log.pages()) await log.remove(pageId);
	// All of its batches may be trimmed, and then nobody lists it.
	for (const pageId of ['page-1', 'page-2']) await log.remove(pageId);
}

liveLogContract('Redis', async () => {
	let log = await open(shared);
	await empty(log);
	const others: RedisLiveLog[] = [];
	const reopen = async () => {
		await log.close();
		return (log = await open(shared));
	};
	const other = async () => {
		const opened = await open(shared);
		others.push(opened);
		return opened;
	};
	const close = async () => {
		await Promise.all([log, ...others].map((each) => each.close()));
	};
	return { log, reopen, other, close };
});

describe('a live log in Redis', () => {
	it('loses nothing acknowledged when Redis is killed, refuses meanwhile and goes on by itself', () =>
		withServer(async (server) => {
			const log = await open(server);
			const kept: number[] = [];
			for (let seq = 0; seq < 40; seq += 1) {
				await log.append(batchOf(seq));
				kept.push(seq);
			}
			await server.kill();
			await expect(log.append(batchOf(40))).rejects.toMatchObject({ code: 'try_later' });
			await server.resume();
			await expect
				.poll(() =>
					log.append(batchOf(40)).then(
						() => 'kept',
						() => 'refused'
					)
				)
				.toBe('kept');
			expect((await readAll(log)).map(({ seq }) => seq)).toEqual([...kept, 40]);
			await log.close();
		}));

	it('goes back to what Redis still knows when it lost what it had said', async () => {
		const log = await open(shared);
		await empty(log);
		for (let seq = 0; seq < 3; seq += 1) await log.append(batchOf(seq));
		// As after a power cut: the last second of its own log is gone.
		const { createClient } = await import('redis');
		const client = await createClient({ url: shared.url }).connect();
		await client.hSet('switchback:page:page-1', 'got', '1');
		await client.xDel('switchback:log:page-1', '3-0');
		await client.close();
		await expect(log.append(batchOf(3))).rejects.toMatchObject({ code: 'try_later' });
		expect(log.got('page-1')).toBe(1);
		await log.close();
	});

	it('believes Redis when the page is claimed again, unless a batch is under way', async () => {
		const log = await open(shared);
		await empty(log);
		for (let seq = 0; seq < 3; seq += 1) await log.append(batchOf(seq));
		// Answered while the claim is under way: what it says must not be forgotten.
		await Promise.all([log.claim('page-1'), log.append(batchOf(3))]);
		expect(log.got('page-1')).toBe(3);
		const { createClient } = await import('redis');
		const client = await createClient({ url: shared.url }).connect();
		await client.hSet('switchback:page:page-1', 'got', '1');
		await client.xDel('switchback:log:page-1', ['3-0', '4-0']);
		await client.sendCommand(['XSETID', 'switchback:log:page-1', '2-0']);
		await client.close();
		await log.claim('page-1');
		expect(log.got('page-1')).toBe(1);
		for (let seq = 2; seq < 4; seq += 1) await log.append(batchOf(seq));
		expect((await readAll(log)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
		await log.close();
	});

	it.each([
		[{ appendonly: 'no' as const }, /appendonly yes/],
		[{ 'maxmemory-policy': 'allkeys-lru' }, /maxmemory-policy noeviction/]
	])('is refused with one line that names the setting: %j', (settings, line) =>
		withServer(async (server) => {
			const refused = await open(server).then(
				() => null,
				(error: unknown) => error as Error & { code: string }
			);
			expect(refused?.code).toBe('invalid');
			expect(refused?.message).toMatch(line);
			expect(refused?.message).toContain('REDIS_URL');
			expect(refused?.message.split('\n')).toHaveLength(1);
		}, settings)
	);

	it('says within seconds that no Redis is there', async () => {
		await expect(RedisLiveLog.open('redis://127.0.0.1:9', () => {})).rejects.toMatchObject({
			code: 'try_later',
			message: expect.stringContaining('REDIS_URL') as string
		});
	});

	it('refuses with try_later when its memory is full, and keeps what it had', () =>
		withServer(
			async (server) => {
				const log = await open(server);
				const bytes = crypto.getRandomValues(new Uint8Array(60_000));
				let kept = -1;
				const fill = async () => {
					for (let seq = 0; seq < 500; seq += 1) {
						await log.append(batchOf(seq, { bytes }));
						kept = seq;
					}
				};
				await expect(fill()).rejects.toMatchObject({ code: 'try_later' });
				expect(log.got('page-1')).toBe(kept);
				expect(await readAll(log)).toHaveLength(kept + 1);
				await log.close();
			},
			{ maxmemory: '6mb' }
		));
});
