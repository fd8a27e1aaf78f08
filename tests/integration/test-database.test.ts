import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql as text } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { migrate, MIGRATIONS_FOLDER } from '#server/db/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

it('runs every pooled connection as the role that owns no table', async () => {
	const database = await createTestDatabase();
	const users = await Promise.all(
		Array.from(
			{ length: 40 },
			() => database.sql`SELECT current_user AS name, pg_backend_pid() AS pid, pg_sleep(0.02)`
		)
	);
	expect(new Set(users.map(([row]) => row?.name))).toEqual(new Set(['switchback_app']));
	expect(new Set(users.map(([row]) => row?.pid)).size).toBeGreaterThan(10);
	const [owned] =
		await database.sql`SELECT count(*) AS tables FROM pg_tables WHERE tableowner = 'switchback_app' AND schemaname = 'public'`;
	expect(owned?.tables).toBe('0');
	await database.drop();
});

it('keeps plain SQL and Drizzle on one pool with the same dates and JSON', async () => {
	const { sql, db, drop } = await createTestDatabase();
	const now = new Date('2026-11-23T01:02:03.456Z');
	const [row] =
		await sql`SELECT ${now}::timestamptz AS at, ${sql.json({ a: [1] })}::jsonb AS json, 9007199254740993::bigint AS big`;
	expect(row).toEqual({ at: now, json: { a: [1] }, big: '9007199254740993' });
	const viaDrizzle = await db.execute(text`SELECT ${JSON.stringify({ a: [1] })}::jsonb AS json`);
	expect(viaDrizzle[0]).toEqual({ json: { a: [1] } });
	await drop();
});

it('gives each call a database of its own, already up to date', async () => {
	const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
	await first.owner`CREATE TABLE only_here (id int)`;
	const [seen] = await second.owner`SELECT to_regclass('only_here') AS name`;
	expect(seen?.name).toBeNull();
	expect(await migrate(first.owner)).toEqual([]);
	await Promise.all([first.drop(), second.drop()]);
});

/** The migrations there are, with one more that builds an index of the table `busy`. */
async function withOneMore({ owner }: TestDatabase): Promise<{ folder: URL; name: string }> {
	await owner.unsafe(`CREATE TABLE busy (id int, note text); INSERT INTO busy SELECT n, 'x' FROM generate_series(1, 100) n;
		GRANT SELECT, UPDATE ON busy TO switchback_app`);
	const folder = await mkdtemp(path.join(tmpdir(), 'switchback-migrations-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	await cp(fileURLToPath(MIGRATIONS_FOLDER), folder, { recursive: true });
	const name = `${String((await readdir(folder)).length + 1).padStart(4, '0')}-busy.sql`;
	const statements = 'CREATE INDEX CONCURRENTLY busy_by_note ON busy (note);\nANALYZE busy;\n';
	await writeFile(path.join(folder, name), `-- no transaction\n-- A note; no statement.\n${statements}`);
	return { folder: pathToFileURL(`${folder}${path.sep}`), name };
}

const indexOf = async ({ owner }: TestDatabase) => {
	const [row] =
		await owner`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('busy_by_note')`;
	return row?.valid;
};

it('builds indexes beside whoever works, once, also from two processes at once', async () => {
	const database = await createTestDatabase();
	const { folder, name } = await withOneMore(database);
	const worker = await database.sql.reserve();
	await worker.unsafe('BEGIN; UPDATE busy SET note = note || 1 WHERE id = 1');
	const ran = Promise.all([migrate(database.owner, folder), migrate(database.owner, folder)]);
	await expect.poll(() => database.sql`SELECT FROM pg_class WHERE relname = 'busy_by_note'`).toHaveLength(1);
	// The index waits for the worker; nobody waits for the index.
	await database.sql`UPDATE busy SET note = note || 2 WHERE id = 2`;
	await worker.unsafe('COMMIT');
	worker.release();
	expect((await ran).flat()).toEqual([name]);
	expect(await indexOf(database)).toBe(true);
	await database.drop();
});

it('builds an index again of which a killed process left a half', async () => {
	const database = await createTestDatabase();
	const { folder, name } = await withOneMore(database);
	const worker = await database.sql.reserve();
	await worker.unsafe('BEGIN; UPDATE busy SET note = note || 1 WHERE id = 1');
	const killed = expect(migrate(database.owner, folder)).rejects.toThrow();
	const kill = () => database.owner`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'`;
	await expect.poll(kill).toHaveLength(1);
	await killed;
	await worker.unsafe('COMMIT');
	worker.release();
	expect(await indexOf(database)).toBe(false);
	expect(await migrate(database.owner, folder)).toEqual([name]);
	expect(await indexOf(database)).toBe(true);
	// Killed between the index and its record: it stays as it is.
	await database.owner`DELETE FROM schema_migration WHERE name = ${name}`;
	expect(await migrate(database.owner, folder)).toEqual([name]);
	await database.drop();
});
