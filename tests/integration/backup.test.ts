// The parts of a backup on real databases: every row, batch, object and job comes back, into a log of another kind too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { RedisLiveLog } from '#server/adapters/redis/redis-live-log.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { requireWhole } from '#server/backup/archive-reader.ts';
import { backUp, type BackUpFrom } from '#server/backup/back-up.ts';
import { Restore } from '#server/backup/restore.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';
import type { Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';
import { RedisServer } from '#support/redis-server.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

const JOB = { name: 'notices.spread' as const, data: { seqs: ['1'] } };
const BATCHES = 5;

let folder = '';
let file = '';
let world: RecordingsWorld;
let inside: Impersonated;
let target: TestDatabase;
let from: FileBlobs;
let named: string[];
let blobs: FileBlobs;
let liveLog: FileLiveLog;

const at = (name: string) => path.join(folder, name);

/** Everything that is in the world. */
const all = (over: Partial<BackUpFrom> = {}): BackUpFrom => ({
	owner: world.database.owner,
	liveLog: world.liveLog,
	blobs: from,
	jobs: { left: () => Promise.resolve([]) },
	dataDir: at('data'),
	keysDir: null,
	now: Date.now(),
	...over
});

/** A sum over all rows of each table, whatever their order. */
async function sums(owner: postgres.Sql): Promise<Record<string, string>> {
	const tables = await owner<{ name: string }[]>`
		SELECT relname AS name FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('outbox', 'schema_migration') ORDER BY 1`;
	const found: Record<string, string> = {};
	for (const { name } of tables) {
		const [row] = await owner.unsafe(
			`SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS sum FROM "${name}" t`
		);
		found[name] = String(row?.['sum']);
	}
	return found;
}

const read = async (log: Pick<LiveLog, 'read'>) =>
	(await Array.fromAsync(log.read(inside.pageId))).map(({ bytes, ...rest }) => ({
		...rest,
		text: Buffer.from(bytes).toString()
	}));

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-parts-'));
	file = at('all.backup');
	world = await RecordingsWorld.open();
	inside = await world.impersonate(world.agencies.north);
	await world.record(inside, BATCHES);
	from = await FileBlobs.open(at('from'));
	const rows = await world.database.owner<{ key: string }[]>`SELECT blob_key AS key FROM file ORDER BY 1`;
	named = rows.map(({ key }) => key);
	// Staged for a row that is not there yet; a logo; half of an upload.
	for (const key of [...named, 'uploads/staged', 'logos/a', 'pieces/a/upload.json'])
		await from.put(key, Readable.from([Buffer.from('hello')]), 9);
	await backUp(file, all({ jobs: { left: () => Promise.resolve([JOB]) } }));
	target = await createTestDatabase();
	await target.owner.unsafe('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
	[blobs, liveLog] = [await FileBlobs.open(at('to')), await FileLiveLog.open(at('log'))];
	await requireWhole(file);
	const keysDir = at('keys');
	await new Restore({ owner: target.owner, liveLog, blobs, dataDir: at('data'), keysDir }).run(file);
}, 120_000);

afterAll(async () => {
	await liveLog.close();
	await target.drop();
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('what a backup brings back', () => {
	it('is every row of every table as it was, and a whole chain', async () => {
		const [was, is] = [await sums(world.database.owner), await sums(target.owner)];
		expect(is).toEqual(was);
		expect(was['action']).not.toMatch(/^0 /);
		const agencyId = world.agencies.north.agencyId;
		expect(await verifyChain({ db: target.db, agencyId, trusted: null })).toMatchObject({ whole: true });
	});

	it('is guarded again by its keys and triggers, and counts on from where it was', async () => {
		await expect(target.owner`UPDATE action SET action = 'x'`).rejects.toThrow();
		await expect(target.owner`DELETE FROM agency`).rejects.toThrow();
		const [same] = await target.owner`
			SELECT (SELECT last_value FROM action_seq) >= (SELECT max(seq) FROM action) AS "isPast"`;
		expect(same?.['isPast']).toBe(true);
		const keys = (owner: postgres.Sql) =>
			owner`SELECT conname, pg_get_constraintdef(oid) AS text FROM pg_constraint
				WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`;
		expect([...(await keys(target.owner))]).toEqual([...(await keys(world.database.owner))]);
	});

	it('is every batch, every object that is of use, and every job as something still to do', async () => {
		expect(await read(liveLog)).toHaveLength(BATCHES);
		expect(await read(liveLog)).toEqual(await read(world.liveLog));
		const stored = (await Array.fromAsync(blobs.list(''))).map(({ key }) => key);
		expect(named.length).toBeGreaterThan(1);
		expect(stored.toSorted()).toEqual(['logos/a', ...named]);
		const rows = await target.owner`SELECT kind, payload FROM outbox ORDER BY id DESC LIMIT 1`;
		expect(rows[0]).toMatchObject({ kind: 'job', payload: { kind: 'job', job: JOB } });
	});

	it('goes into Redis as well, where a page goes on behind what was sealed before', async () => {
		const redis = await RedisServer.start();
		const log = await RedisLiveLog.open(redis.url, () => {});
		await world.liveLog.trim(inside.pageId, 1);
		const second = at('second.backup');
		const none = { list: () => blobs.list('none/'), open: () => Promise.resolve(null) };
		const told = await backUp(second, all({ blobs: none, despiteMissing: true }));
		expect(told.missing.toSorted()).toEqual(named);
		await target.owner.unsafe('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
		const into = { owner: target.owner, liveLog: log, blobs, dataDir: at('data'), keysDir: at('keys') };
		await new Restore(into).run(second);
		expect((await Array.fromAsync(log.read(inside.pageId))).map(({ seq }) => seq)).toEqual([2, 3, 4]);
		expect(await log.reached(inside.pageId)).toBe(BATCHES - 1);
		await log.close();
		await redis.stop();
	});
});
