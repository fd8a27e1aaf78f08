// The same migrations and the same role on an outside PostgreSQL 15, the oldest we promise, through DATABASE_URL.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#server/db/migrate.ts';
import { openDatabase, type Database } from '#server/db/open-database.ts';

const BIN = '/usr/lib/postgresql/15/bin';
let folder = '';
let port = 0;
let server: ChildProcess | null = null;

function unprivileged(): { uid: number; gid: number } | Record<string, never> {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** A port that was free a moment ago; PostgreSQL cannot choose one itself. */
async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
	if (!existsSync(`${BIN}/initdb`)) throw new Error('install PostgreSQL 15: apt-get install postgresql-15');
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-pg15-'));
	const who = unprivileged();
	if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
	const data = path.join(folder, 'data');
	const run = { ...who, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
	execFileSync(
		`${BIN}/initdb`,
		['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'],
		run
	);
	port = await freePort();
	const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-p', String(port), '-k', folder];
	server = spawn(`${BIN}/postgres`, ['-D', data, ...settings], { ...run, stdio: 'ignore' });
	await waitForServer();
});

afterAll(async () => {
	if (server) {
		server.kill('SIGINT');
		await once(server, 'exit');
	}
	rmSync(folder, { recursive: true, force: true });
});

async function waitForServer(): Promise<void> {
	const admin = postgres({ host: folder, port, username: 'postgres', database: 'postgres', max: 1 });
	for (let tries = 0; ; tries += 1) {
		try {
			// Not a superuser: what a hosting company gives.
			await admin.unsafe('CREATE ROLE hosted LOGIN CREATEROLE');
			await admin.unsafe('CREATE DATABASE switchback OWNER hosted');
			return await admin.end();
		} catch (error) {
			if (tries === 200) throw error;
			await delay(50);
		}
	}
}

describe('an outside PostgreSQL 15', () => {
	const withDatabase = async (work: (database: Database) => Promise<void>) => {
		const database = await openDatabase({
			dataDir: path.join(folder, 'none'),
			databaseUrl: `postgres://hosted@127.0.0.1:${port}/switchback`
		});
		await work(database).finally(() => database.close());
	};

	it('takes all migrations from a login that is no superuser, once, also from two processes at once', () =>
		withDatabase(async (first) =>
			withDatabase(async (second) => {
				const ran = (await Promise.all([migrate(first.owner), migrate(second.owner)])).flat();
				expect(ran.length).toBeGreaterThan(3);
				expect(new Set(ran).size).toBe(ran.length);
				expect(await migrate(first.owner)).toEqual([]);
			})
		));

	it('gives every pooled connection the role that may write what it was granted and not the log', () =>
		withDatabase(async ({ sql }) => {
			const users = await Promise.all(
				Array.from({ length: 40 }, () => sql`SELECT current_user AS name, pg_sleep(0.01)`)
			);
			expect(new Set(users.map(([row]) => row?.name))).toEqual(new Set(['switchback_app']));
			const [after] = await sql.begin(async (tx) => {
				await tx`RESET ROLE`;
				return tx`SELECT current_user AS name`;
			});
			expect(after?.name).toBe('switchback_app');
			const [row] =
				await sql`INSERT INTO agency ${sql({ id: crypto.randomUUID(), name: 'North' })} RETURNING name`;
			expect(row?.name).toBe('North');
			await expect(sql`DELETE FROM action`).rejects.toThrow(/permission denied/);
			await expect(sql`DROP TABLE agency`).rejects.toThrow(/must be owner/);
			await expect(sql`SELECT * FROM schema_migration`).rejects.toThrow(/permission denied/);
		}));
});
