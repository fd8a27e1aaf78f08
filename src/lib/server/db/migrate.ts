// Runs the numbered SQL files, forward only [D5], each in a transaction of its own with its record; those that build indexes of tables
// that people work with say `-- no transaction` in their first line (build-indexes.ts).
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { buildIndexes, isWithoutTransaction } from './build-indexes.ts';
import { APP_ROLE } from './open-database.ts';

export const MIGRATIONS_FOLDER = new URL('migrations/', import.meta.url);

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Any number, the same in every process: two that start at once run the migrations one after the other. */
const LOCK = 7_294_801;
const TRIES_EVERY_MS = 200;

/**
 * Brings the database up to date; the application's role is made first, since migrations grant to it.
 * @returns names of the files that were run now
 * @throws Error when the database is newer than this program
 */
export async function migrate(owner: Sql, folder: URL = MIGRATIONS_FOLDER): Promise<string[]> {
	const files = await migrationFiles(folder);
	const connection = await owner.reserve();
	try {
		// A session's lock, not a transaction's: it must span the transactions of all files.
		await takeTurn(connection);
		await prepare(connection);
		const rows = await connection<{ name: string }[]>`SELECT name FROM schema_migration ORDER BY name`;
		const done = new Set(rows.map((row) => row.name));
		const unknown = [...done].filter((name) => !files.includes(name));
		if (unknown.length > 0)
			throw new Error(
				`the database was made by a newer version (${unknown.join(', ')}): run that version or newer`
			);
		const due = files.filter((name) => !done.has(name));
		for (const name of due) await run(connection, name, await readFile(new URL(name, folder), 'utf8'));
		return due;
	} finally {
		await connection`SELECT pg_advisory_unlock_all()`.catch(() => {
			// The connection is gone, and with it the lock; the first error is the one to tell.
		});
		connection.release();
	}
}

async function migrationFiles(folder: URL): Promise<string[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
	names.forEach((name, index) => {
		if (Number(FILE_NAME.exec(name)?.[1]) !== index + 1)
			throw new Error(
				`migration ${name} is out of order: names are NNNN-name.sql, counted from 0001 without holes`
			);
	});
	return names;
}

/**
 * Asks again and again instead of waiting in the database: a statement that waits there holds a snapshot, an index built beside it waits
 * for that, and each would wait for the other.
 */
async function takeTurn(connection: Sql): Promise<void> {
	for (;;) {
		const [row] = await connection<{ got: boolean }[]>`SELECT pg_try_advisory_lock(${LOCK}) AS got`;
		if (row?.got) return;
		await delay(TRIES_EVERY_MS);
	}
}

async function prepare(connection: Sql): Promise<void> {
	const roles = await connection`SELECT 1 FROM pg_roles WHERE rolname = ${APP_ROLE}`;
	if (roles.length === 0) {
		// LOGIN is for the embedded server, where the socket's folder is the password. Elsewhere the role has no
		// password, so nobody signs in as it: our login takes it on.
		await connection
			.unsafe(`CREATE ROLE ${APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE`)
			.catch((error) => {
				// Roles belong to the whole server: another of its databases may be migrating right now.
				if (error.code !== '42710' && error.code !== '23505') throw error;
			});
	}
	const [member] = await connection<{ may: boolean }[]>`
		SELECT (rolsuper OR pg_has_role(current_user, ${APP_ROLE}, ${'SET'})) AS may FROM pg_roles WHERE rolname = current_user
	`.catch(() => [{ may: false }]); // PostgreSQL 15 does not know SET; granting twice is harmless
	if (!member?.may) await connection.unsafe(`GRANT ${APP_ROLE} TO CURRENT_USER`);
	await connection.unsafe(`
		GRANT USAGE ON SCHEMA public TO ${APP_ROLE};
		CREATE TABLE IF NOT EXISTS schema_migration (
			name text PRIMARY KEY,
			applied_at timestamptz NOT NULL DEFAULT now()
		)
	`);
}

async function run(connection: Sql, name: string, text: string): Promise<void> {
	// Without a transaction around it a record that is not written has the file run again, which is harmless.
	const isAlone = isWithoutTransaction(text);
	try {
		if (isAlone) await buildIndexes(connection, text);
		await connection.unsafe('BEGIN');
		if (!isAlone) await connection.unsafe(text);
		await connection`INSERT INTO schema_migration (name) VALUES (${name})`;
		await connection.unsafe('COMMIT');
	} catch (error) {
		await connection.unsafe('ROLLBACK');
		throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
	}
}
