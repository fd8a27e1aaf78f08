import { sql as text } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { migrate } from '#server/db/migrate.ts';
import { createTestDatabase } from '#support/test-database.ts';

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
