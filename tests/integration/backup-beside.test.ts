// A backup beside a product that goes on: what its snapshot names is not tidied away under it, and what is lost is said aloud.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backUp, type BackUpFrom } from '#server/backup/back-up.ts';
import { purgeFiles } from '#server/usecases/files/purge-files.ts';
import { DeskProcess } from '#support/desk-process.ts';
import type { Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let inside: Impersonated;
let file = '';
let count = 0;

const purge = () => purgeFiles({ db: world.database.db, blobs: world.blobs })();
const keysOf = async (prefix: string) =>
	(await Array.fromAsync(world.blobs.list(prefix))).map(({ key }) => key).toSorted();
const from = (over: Partial<BackUpFrom> = {}): BackUpFrom => ({
	owner: world.database.owner,
	liveLog: world.liveLog,
	blobs: world.blobs,
	jobs: { left: () => Promise.resolve([]) },
	dataDir: world.folder,
	keysDir: null,
	now: Date.now(),
	...over
});

/** Does something between the snapshot and the objects. */
const meanwhile = (work: () => Promise<unknown>): Partial<BackUpFrom> => ({
	blobs: {
		async *list(prefix) {
			await work();
			yield* world.blobs.list(prefix);
		},
		open: (key) => world.blobs.open(key)
	}
});

beforeAll(async () => {
	world = await RecordingsWorld.open();
	inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds: 25 });
	const { recordings } = world.process({}, new DeskProcess());
	await recordings.seal(inside.pageId);
	const rows = await world.database.db.execute<{ key: string }>(sql`SELECT blob_key AS key FROM file`);
	for (const { key } of rows) await world.blobs.put(key, Readable.from([Buffer.from('bytes')]), 9);
	file = path.join(world.folder, 'all.backup');
});
afterAll(() => world.close());
const next = () => `${file}.${(count += 1)}`;

it('keeps what tidying would remove until the backup is done, and lets it be removed then', async () => {
	const { db } = world.database;
	await db.execute(sql`UPDATE block SET sealed_at = now() - interval '8 days'`);
	await db.execute(
		sql`UPDATE file SET deleted_at = now() - interval '29 days' WHERE blob_key IN (SELECT min(blob_key) FROM file)`
	);
	const files = await keysOf('uploads/');
	const blocks = await keysOf('recordings/');
	const { recordings } = world.process({}, new DeskProcess());
	const told = await backUp(
		next(),
		from(
			meanwhile(async () => {
				// As if it ran for days: blocks are merged, and what they replaced is due.
				expect(await recordings.compact()).toBe(1);
				await db.execute(sql`UPDATE unnamed_object SET due_at = now() - interval '1 minute'`);
				await db.execute(
					sql`UPDATE file SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL`
				);
				expect(await recordings.sweepObjects()).toBe(0);
				expect(await purge()).toBe(0);
				expect(await keysOf('uploads/')).toEqual(files);
				expect(await keysOf('recordings/')).toEqual(expect.arrayContaining(blocks));
			})
		)
	);
	expect(told).toMatchObject({ missing: [], objects: files.length + blocks.length + 1 });
	expect(await recordings.sweepObjects()).toBeGreaterThan(1);
	expect(await purge()).toBe(1);
});

it('lets several tidy at once, which waits for nobody, and starts once they are through', async () => {
	const both = await Promise.all([purge(), purge(), world.recordings.sweepObjects()]);
	expect(both).toEqual([0, 0, 0]);
	await backUp(next(), from());
});

it('is refused, and leaves nothing, when an object is lost; goes on when told to, and says which', async () => {
	const [lost = ''] = await keysOf('uploads/');
	const hides = meanwhile(() => world.blobs.remove(lost));
	const name = next();
	await expect(backUp(name, from(hides))).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining(`1 objects that rows name are not in the store (${lost})`) as string
	});
	expect(readdirSync(world.folder).filter((each) => each.startsWith(path.basename(name)))).toEqual([]);
	expect(await backUp(name, from({ despiteMissing: true }))).toMatchObject({ missing: [lost] });
	expect(existsSync(name)).toBe(true);
	await world.blobs.put(lost, Readable.from([Buffer.from('again')]), 9);
});

it('does not hold up erasing, and does not miss what was erased', async () => {
	const { db } = world.database;
	await db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '99 days' WHERE id = ${inside.impersonationId}`);
	const erases = meanwhile(() => world.retention.expireRecordings());
	expect(await keysOf('recordings/')).not.toEqual([]);
	expect(await backUp(next(), from(erases))).toMatchObject({ missing: [] });
	expect(await keysOf('recordings/')).toEqual([]);
});
