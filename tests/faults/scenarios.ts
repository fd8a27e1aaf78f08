// Every fault of the suite as a test, as often and as long as it is told: the full numbers and the short form are the same
// work. Those on storage of its own and those on outside servers are apart, so that the two can run side by side.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultWorld } from './fault-world.ts';
import { OutsideWorld } from './outside-world.ts';
import { crashTab, cutSockets, reloadHard, setClock, stayOffline } from './page-faults.ts';
import { fillDisk, killProcess, loseHub, losePostgres, loseRedis, loseStore } from './process-faults.ts';
import type { Report } from './report.ts';

export type HowMuch = {
	kills: number;
	reloads: number;
	cuts: number;
	crashes: number;
	offlineMs: number;
	diskFullMs: number;
	redisGoneMs: number;
	postgresGoneMs: number;
	storeGoneMs: number;
	hubDeaths: number;
};

const HOUR_MS = 3_600_000;

/** A few times or for a moment each: the form within `npm test`. */
export const SHORT: HowMuch = {
	kills: 1,
	reloads: 3,
	cuts: 3,
	crashes: 1,
	offlineMs: 1_500,
	diskFullMs: 2_000,
	redisGoneMs: 1_500,
	postgresGoneMs: 1_500,
	storeGoneMs: 2_000,
	hubDeaths: 1
};

/** Nothing is proven by a page of which hardly anything was recorded. */
const MIN_COUNTED = 5;

/** Starting the product, and a browser. */
const OPEN_WITHIN_MS = 180_000;

async function expectWhole(what: string, fault: () => Promise<Report>): Promise<void> {
	const startedAt = performance.now();
	const { faults, counted } = await fault();
	const seconds = Math.round((performance.now() - startedAt) / 1_000);
	console.log(`${what}: ${counted} acknowledged changes in ${seconds} s, ${faults.length} faults`);
	expect(faults).toEqual([]);
	expect(counted).toBeGreaterThan(MIN_COUNTED);
}

export function describeOwnFaults(much: HowMuch): void {
	describe('on storage of its own', () => {
		let world: FaultWorld;

		beforeAll(async () => {
			world = await FaultWorld.open();
		}, OPEN_WITHIN_MS);
		afterEach(() => world.leave());
		afterAll(() => world.close());

		it(`keeps what it acknowledged over ${much.reloads} × hard reload`, () =>
			expectWhole(`${much.reloads} × hard reload`, () => reloadHard(world, much.reloads)));
		it(`keeps what it acknowledged over ${much.cuts} × socket cut`, () =>
			expectWhole(`${much.cuts} × socket cut`, () => cutSockets(world, much.cuts)));
		it('keeps what a crashed tab had copied, by its sibling', () =>
			expectWhole(`${much.crashes} × tab crash`, () => crashTab(world, much.crashes)));
		it(`keeps and explains ${much.offlineMs / 1_000} s offline, and lets nothing be changed past the lease`, () =>
			expectWhole(`${much.offlineMs / 1_000} s offline`, () => stayOffline(world, much.offlineMs)));
		it('keeps every moment where it was when the clock jumps by an hour, forward and back', () =>
			expectWhole('clock +1 h, −1 h', () => setClock(world, [HOUR_MS, -HOUR_MS])));
		it(`keeps what it acknowledged over ${much.diskFullMs / 1_000} s of a full disk`, () =>
			expectWhole(`${much.diskFullMs / 1_000} s disk full`, () => fillDisk(world, much.diskFullMs)));
		it(`keeps what it acknowledged over ${much.kills} × kill -9`, () =>
			expectWhole(`${much.kills} × kill -9`, () => killProcess(world, much.kills)));
	});
}

export function describeOutsideFaults(much: HowMuch): void {
	describe('on PostgreSQL, Redis and S3', () => {
		let outside: OutsideWorld;

		beforeAll(async () => {
			outside = await OutsideWorld.open();
		}, OPEN_WITHIN_MS);
		afterEach(() => outside.world.leave());
		afterAll(() => outside.close());

		it(`keeps what it acknowledged when Redis is killed and gone for ${much.redisGoneMs / 1_000} s`, () =>
			expectWhole(`Redis killed, ${much.redisGoneMs / 1_000} s`, () =>
				loseRedis(outside.world, outside.redis, much.redisGoneMs)
			));
		it(`keeps what it acknowledged when PostgreSQL is killed and gone for ${much.postgresGoneMs / 1_000} s`, () =>
			expectWhole(`PostgreSQL killed, ${much.postgresGoneMs / 1_000} s`, () =>
				losePostgres(outside.world, outside.postgres, much.postgresGoneMs)
			));
		it(`seals all of it after S3 refused for ${much.storeGoneMs / 1_000} s`, () =>
			expectWhole(`S3 refusing, ${much.storeGoneMs / 1_000} s`, () =>
				loseStore(outside.world, outside.store, much.storeGoneMs)
			));
		it(`goes on with the other of two hubs after ${much.hubDeaths} × the death of one`, () =>
			expectWhole(`${much.hubDeaths} × one of two hubs killed`, () =>
				loseHub(outside.world, much.hubDeaths)
			));
	});
}
