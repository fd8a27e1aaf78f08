// A real PostgreSQL for a test file: one embedded server for the file, one fresh database for each call.
// TEST_DATABASE_URL (a login that may create databases and roles) takes an outside server instead.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll } from 'vitest';
import { removeSocketFolder } from '#server/db/embedded/socket-folder.ts';
import { CLUSTER_FOLDER, startEmbedded } from '#server/db/embedded/start-embedded.ts';
import { migrate } from '#server/db/migrate.ts';
import { openOnSocket, openOutside, type Database } from '#server/db/open-database.ts';

export type TestDatabase = Database & { drop(): Promise<void> };

type Server = { open(name: string): Database; admin: postgres.Sql; template: string; stop(): Promise<void> };

const PREFIX = 'switchback-test-db-';

/** A test's data need not outlive the machine's power: three times faster on a slow disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

let server: Promise<Server> | null = null;
let count = 0;

afterAll(async () => {
	const running = await server;
	server = null;
	await running?.stop();
});

/** A migrated database of its own; `drop()` closes and removes it (the end of the file does so too). */
export async function createTestDatabase(): Promise<TestDatabase> {
	server ??= startServer();
	const { admin, template, open } = await server;
	count += 1;
	const name = `${template}_${count}`;
	await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`);
	const database = open(name);
	const drop = async () => {
		await database.close();
		await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
	};
	return { ...database, drop };
}

async function startServer(): Promise<Server> {
	const template = `switchback_test_${process.pid}`;
	const url = process.env.TEST_DATABASE_URL;
	const { open, admin, stop } = url ? outside(url) : await embedded();
	await admin.unsafe(`CREATE DATABASE ${template}`);
	const database = open(template);
	await migrate(database.owner);
	await database.close();
	const stopAll = async () => {
		const rows = await admin<{ datname: string }[]>`
			SELECT datname FROM pg_database WHERE datname LIKE ${`${template}%`}
		`;
		for (const { datname } of rows) await admin.unsafe(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
		await admin.end();
		await stop();
	};
	return { open, admin, template, stop: stopAll };
}

function outside(url: string) {
	const urlOf = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	const admin = postgres(url, { max: 1, onnotice: () => {} });
	return { open: (name: string) => openOutside(urlOf(name)), admin, stop: () => Promise.resolve() };
}

async function embedded() {
	removeLeftovers();
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`)));
	const { socketDir, stop } = await startEmbedded(folder, FAST);
	const keepsRunning = { attached: false, stop: () => Promise.resolve() };
	const target = { host: socketDir, port: 5432, username: 'postgres', database: 'postgres' };
	return {
		open: (name: string) => openOnSocket(socketDir, name, keepsRunning),
		admin: postgres({ ...target, max: 1, onnotice: () => {} }),
		stop: async () => {
			await stop();
			removeFolder(folder);
		}
	};
}

function removeFolder(folder: string): void {
	removeSocketFolder(path.join(folder, CLUSTER_FOLDER));
	rmSync(folder, { recursive: true, force: true });
}

/** Folders of test processes that were killed before they could clean up. */
function removeLeftovers(): void {
	for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
		const pid = Number(name.slice(PREFIX.length).split('-')[0]);
		try {
			process.kill(pid, 0);
		} catch {
			// No such process: nobody uses the folder any more.
			removeFolder(path.join(realpathSync(tmpdir()), name));
		}
	}
}
