// Batches out of the live log into blocks: on a real database, real files and the real process.
import { globSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import { clockOf, decodePayload } from '#recorder/format/block-payload.ts';
import { EVENT, isLoose } from '#recorder/format/events.ts';
import { BlockReader } from '#server/recordings/block-reader.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { readBatches } from '#server/usecases/recordings/read-batches.ts';
import { readTail } from '#server/usecases/recordings/read-tail.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { Injected, faulty } from '#support/faulty.ts';
import type { Impersonated } from '#support/impersonate.ts';
import { readAllBatches } from '#support/read-recorded.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let reviewer: StaffActor;

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
});
afterAll(() => world.close());

/** An impersonation with one page, opened for replay. */
async function recorded(seconds = 25): Promise<Impersonated> {
	const inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds });
	await world.openRunning(reviewer, inside);
	return inside;
}

type Row = { first: number; last: number; checkpoint: string };
const blocksOf = async (pageId: string): Promise<Row[]> => [
	...(await world.database.db.execute<Row>(sql`
		SELECT first_seq AS first, last_seq AS last, checkpoint FROM block WHERE page_id = ${pageId} ORDER BY first_seq`))
];
const end = ({ impersonationId }: Impersonated, agoS: number) =>
	world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - make_interval(secs => ${agoS}) WHERE id = ${impersonationId}`);
const batches = (inside: Impersonated) => readAllBatches(world.recordings, reviewer, inside);

/** Objects in the store that no row names, once all of them are due. */
async function orphans(): Promise<string[]> {
	await world.database.db.execute(sql`UPDATE unnamed_object SET due_at = now() - interval '1 minute'`);
	await world.recordings.sweepObjects();
	const named = await world.database.db.execute<{ blob_key: string }>(
		sql`SELECT blob_key FROM block UNION SELECT blob_key FROM page_dictionary`
	);
	const names = new Set(named.map(({ blob_key: key }) => key));
	const stored = globSync('recordings/*/*/*', { cwd: path.join(world.folder, 'blobs') });
	expect(stored.filter((name) => names.has(name)).length).toBe(names.size);
	return stored.filter((name) => !names.has(name));
}

it('cuts blocks of ten seconds, each with what the page showed when it begins, and reads the same batches out of them', async () => {
	const inside = await recorded();
	const before = await batches(inside);
	expect(before).toHaveLength(101);
	await world.recordings.seal(inside.pageId);
	expect(await blocksOf(inside.pageId)).toEqual([
		{ first: 0, last: 39, checkpoint: 'empty' },
		{ first: 40, last: 79, checkpoint: 'whole' },
		{ first: 80, last: 100, checkpoint: 'whole' }
	]);
	expect(await batches(inside)).toEqual(before);
	expect(
		world.signals
			.filter(({ topic }) => topic === 'page.sealed')
			.map((signal) => 'seq' in signal && signal.seq)
	).toEqual([39, 79, 100]);
	await end(inside, 60);
});

it('tells in the index what a player needs, and hands out a block as it was sealed', async () => {
	const inside = await recorded();
	await world.recordings.seal(inside.pageId);
	const { impersonationId } = inside;
	const { pages, activity, entries } = await world.recordings.read(reviewer, { impersonationId });
	expect(pages).toMatchObject([{ pageId: inside.pageId, tailFrom: null }]);
	expect(entries.filter(({ kind }) => kind === 'gap')).toEqual([]);
	expect(Math.max(...activity)).toBe(1);
	const second = pages[0]!.blocks[1]!;
	const payload = decodePayload(
		await world.recordings.readBlock(reviewer, { impersonationId, blockId: second.id })
	);
	expect(payload.batches.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, at) => 40 + at));
	expect(payload.checkpoint.map(({ type }) => type)).toEqual([
		EVENT.meta,
		EVENT.fullSnapshot,
		EVENT.incremental
	]);
	expect(payload.clockAt).toBeLessThan(second.fromAt + 1);
	const snapshot = payload.checkpoint[1]!;
	expect(isLoose(snapshot.data) && JSON.stringify(snapshot.data['node'])).toContain('Invoice 39 of Bluebird');
	expect(JSON.stringify(snapshot.data)).not.toContain('Invoice 40 of Bluebird');
	const clock = clockOf(payload);
	expect(clock.align(Number.MAX_SAFE_INTEGER, payload.batches[0]!)).toBe(payload.batches[0]!.receivedAt);
	await end(inside, 60);
});

it('leaves young batches of an open page in the log, and gives them as one more block', async () => {
	const inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds: 14, agoMs: 14_000 });
	const { impersonationId, pageId } = inside;
	await world.openRunning(reviewer, inside);
	expect(await world.recordings.seal(pageId)).toBe(39);
	const { pages } = await world.recordings.read(reviewer, { impersonationId });
	expect(pages).toMatchObject([{ tailFrom: 40, blocks: [{ lastSeq: 39 }] }]);
	const tail = await world.recordings.readTail(reviewer, { impersonationId, pageId });
	expect(tail.checkpoint).toBe('whole');
	const payload = decodePayload(tail.payload);
	expect(payload.batches.map(({ seq }) => seq)).toEqual(Array.from({ length: 17 }, (_, at) => 40 + at));
	expect(JSON.stringify(payload.checkpoint)).toContain('Invoice 39 of Bluebird');
	expect(tail).toMatchObject({ lastSeq: 56, isCut: false });
	// A long rest comes in several answers, each from where the last one ended.
	const parts: number[][] = [];
	const { blobs, liveLog, masterKey: master } = world;
	const { db } = world.database;
	const maxTailBytes = payload.batches.reduce((sum, { bytes }) => sum + bytes.length, 0) / 4;
	const [store, keys] = [new BlockStore({ db, blobs }), new StoredKeys({ db, master })];
	const short = readTail({ db, liveLog, store, keys, sealer: new DeskProcess(), maxTailBytes });
	for (let [from, isCut] = [0, true]; isCut;) {
		const part = await short(reviewer, { impersonationId, pageId, from });
		const { batches: some, checkpoint } = decodePayload(part.payload);
		expect([part.checkpoint, checkpoint.length > 0]).toEqual(from ? ['continued', false] : ['whole', true]);
		parts.push(some.map(({ seq }) => seq));
		expect(part.lastSeq).toBe(some.at(-1)!.seq);
		[from, isCut] = [part.lastSeq + 1, part.isCut];
	}
	expect(parts.length).toBeGreaterThan(2);
	expect(parts.flat()).toEqual(payload.batches.map(({ seq }) => seq));
	for (const from of [-1, 1.5, Number.NaN])
		await expect(
			world.recordings.readTail(reviewer, { impersonationId, pageId, from })
		).rejects.toMatchObject({ code: 'invalid' });
	// Asking for it seals nothing and changes nothing: the page goes on where it was.
	await world.recordPage(inside, { seconds: 5, agoMs: -250, from: 57 });
	await end(inside, 5);
	await world.recordings.sealLeft();
	expect((await blocksOf(pageId)).at(-1)).toMatchObject({ last: 77, checkpoint: 'whole' });
	expect((await batches(inside)).map(({ seq }) => seq)).toEqual(Array.from({ length: 78 }, (_, at) => at));
	await end(inside, 60);
});

it('seals what two processes seal at once only once', async () => {
	const inside = await recorded();
	const before = await batches(inside);
	const [one, other] = [world.process().recordings, world.process().recordings];
	const runs = await Promise.allSettled([one.seal(inside.pageId), other.seal(inside.pageId)]);
	expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
	await one.seal(inside.pageId);
	expect((await blocksOf(inside.pageId)).map(({ first, last }) => [first, last])).toEqual([
		[0, 39],
		[40, 79],
		[80, 100]
	]);
	expect(await batches(inside)).toEqual(before);
	expect(await orphans()).toEqual([]);
	await end(inside, 60);
});

it('makes one block of many after a week: the same batches, the same chain, and the old objects go later', async () => {
	const inside = await recorded();
	const before = await batches(inside);
	await world.recordings.seal(inside.pageId);
	const { db } = world.database;
	const chain = () =>
		db.execute(
			sql`SELECT batch_hash FROM block WHERE page_id = ${inside.pageId} ORDER BY first_seq DESC LIMIT 1`
		);
	const hash = await chain();
	expect(await world.recordings.compact()).toBe(0);
	await db.execute(sql`UPDATE block SET sealed_at = now() - interval '8 days'`);
	const [one, other] = [world.process({}, new DeskProcess()), world.process({}, new DeskProcess())];
	await Promise.all([one.recordings.compact(), other.recordings.compact()]);
	expect(world.faults).toEqual([]);
	expect(await blocksOf(inside.pageId)).toEqual([{ first: 0, last: 100, checkpoint: 'empty' }]);
	expect(await chain()).toEqual(hash);
	expect(await batches(inside)).toEqual(before);
	expect(await one.recordings.compact()).toBe(0);
	expect(await orphans()).toEqual([]);
	expect(await batches(inside)).toEqual(before);
	await end(inside, 60);
	// A page that goes on after a week is sealed on behind what was merged.
	await world.recordPage(inside, { seconds: 1, from: 101, agoMs: 2_000 });
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	expect((await blocksOf(inside.pageId)).at(-1)).toMatchObject({ first: 101, checkpoint: 'whole' });
});

it('misses nothing and doubles nothing when batches leave the log for a block while they are being read', async () => {
	const inside = await recorded(12);
	const before = await batches(inside);
	await end(inside, 60);
	const { liveLog } = world;
	async function* sealsWhileItReads(pageId: string, from?: number) {
		let count = 0;
		for await (const batch of liveLog.read(pageId, from)) {
			if (++count === 10) await world.process({}, new DeskProcess()).recordings.seal(pageId);
			// What was trimmed is not there any more: the reader finds a hole, and then the end.
			if (count < 10 || count > 45) yield batch;
		}
	}
	const read = { ...liveLog, read: sealsWhileItReads } as unknown as typeof liveLog;
	const { db } = world.database;
	const store = new BlockStore({ db, blobs: world.blobs });
	const reader = new BlockReader({ db, store, keys: new StoredKeys({ db, master: world.masterKey }) });
	const ids = { agencyId: reviewer.agencyId, impersonationId: inside.impersonationId, pageId: inside.pageId };
	const all = await Array.fromAsync(readBatches({ db, liveLog: read, reader }, ids));
	const plain = (list: readonly FramedBatch[]) =>
		list.map(({ bytes, ...header }) => ({ ...header, text: Buffer.from(bytes).toString() }));
	expect(plain(all)).toMatchObject(plain(before));
});

it('keeps of a running page in the log what its last block and the rest hold, and shows and tells all of it', async () => {
	const inside = await recorded(25);
	const before = await batches(inside);
	const { pageId } = inside;
	await world.recordings.seal(pageId);
	const kept = await Array.fromAsync(world.liveLog.read(pageId));
	expect([kept.at(0)?.seq, kept.at(-1)?.seq, world.liveLog.got(pageId)]).toEqual([80, 100, 100]);
	await world.recordPage(inside, { seconds: 1, from: 101, agoMs: 2_000 });
	expect(await batches(inside)).toHaveLength(before.length + 5);
	// As when the page goes over to another process: it knows the rows, the blocks and the log.
	const other = world.process({}, new DeskProcess()).recordings;
	const picture = await other.readPicture({ kind: 'system', agencyId: reviewer.agencyId }, { pageId });
	expect(picture).toMatchObject({ state: 'whole', seq: 105 });
	await end(inside, 60);
	await other.seal(pageId);
	expect(await Array.fromAsync(world.liveLog.read(pageId))).toEqual([]);
});

describe('a run that breaks off', () => {
	const moments = (['before', 'after'] as const).flatMap((when) => [1, 2, 3].map((nth) => ({ when, nth })));
	const faults = [
		...moments.map((moment) => ({ part: 'blobs', method: 'put', ...moment })),
		...moments.map((moment) => ({ part: 'db', method: 'transaction', ...moment })),
		{ part: 'db', method: 'execute', nth: 4, when: 'after' },
		{ part: 'signals', method: 'publish', nth: 1, when: 'before' },
		{ part: 'liveLog', method: 'remove', nth: 1, when: 'before' },
		{ part: 'liveLog', method: 'remove', nth: 1, when: 'after' }
	] as const;
	it.each(faults)(
		'$when call $nth of $method ($part) loses nothing, doubles nothing and leaves nothing behind',
		async ({ part, ...fault }) => {
			const inside = await recorded(12);
			const before = await batches(inside);
			await end(inside, 60);
			const { db } = world.database;
			const signals = { publish: () => Promise.resolve(), subscribe: () => () => undefined };
			const whole: Record<string, object> = { db, blobs: world.blobs, liveLog: world.liveLog, signals };
			const broken = world.process({ [part]: faulty(whole[part]!, fault) }, new DeskProcess());
			await expect(broken.recordings.seal(inside.pageId)).rejects.toThrow(Injected);
			await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
			expect(await batches(inside)).toEqual(before);
			expect(await blocksOf(inside.pageId)).toEqual([
				{ first: 0, last: 39, checkpoint: 'empty' },
				{ first: 40, last: 48, checkpoint: 'whole' }
			]);
			expect(await orphans()).toEqual([]);
			expect(await Array.fromAsync(world.liveLog.read(inside.pageId))).toEqual([]);
		}
	);
});
