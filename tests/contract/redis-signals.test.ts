import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisSignals } from '#server/adapters/redis/redis-signals.ts';
import type { Signal } from '#server/ports/signals.ts';
import { RedisServer } from '#support/redis-server.ts';
import { signalsContract } from './signals.contract.ts';

let server: RedisServer;
beforeAll(async () => {
	server = await RedisServer.start();
});
afterAll(() => server.stop());

signalsContract('Redis', async () => {
	const errors: unknown[] = [];
	return { signals: await RedisSignals.open(server.url, (error) => errors.push(error)), errors };
});

it('reach other processes, and again after Redis was killed and started', async () => {
	const own = await RedisServer.start();
	const [here, there] = await Promise.all([1, 2].map(() => RedisSignals.open(own.url, () => {})));
	const seen: Signal[] = [];
	there!.subscribe((signal) => seen.push(signal));
	const signal: Signal = { topic: 'rights.changed', agencyId: 'a', staffId: 's' };
	await here!.publish(signal);
	await expect.poll(() => seen).toEqual([signal]);
	await own.kill();
	await expect(here!.publish(signal)).rejects.toMatchObject({ code: 'try_later' });
	await own.resume();
	const heard = () =>
		here!.publish(signal).then(
			() => seen.length,
			() => 0
		);
	await expect.poll(heard, { interval: 50 }).toBeGreaterThan(1);
	await Promise.all([here!.close(), there!.close()]);
	await own.stop();
});
