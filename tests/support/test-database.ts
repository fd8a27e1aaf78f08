// A real PostgreSQL for a test: a fresh database for each call, on the run's shared embedded server (shared-postgres.ts).
// TEST_DATABASE_URL (a login that may create databases and roles) takes an outside server instead.
import postgres from 'postgres';
import { afterAll } from 'vitest';
import { migrate } from '#server/db/migrate.ts';
import { openOnSocket, openOutside, type Database } from '#server/db/open-database.ts';
import { SOCKET_VARIABLE, TEMPLATE } from './shared-postgres.ts';

export type TestDatabase = Database & { drop(): Promise<void> };

type Server = { open(name: string): Database; admin: postgres.Sql; template: string; stop(): Promise<void> };

let server: Promise<Server> | null = null;
let count = 0;

afterAll(async () => {
	const running = await server;
	server = null;
	await running?.stop();
});

/** Names of this file's databases begin so; other files run on the same server at the same time. */
const OWN = `${TEMPLATE}_${process.pid}`;

/** A migrated database of its own; `drop()` closes and removes it (the end of the file does so too). */
export async function createTestDatabase(): Promise<TestDatabase> {
	server ??= findServer();
	const { admin, template, open } = await server;
	count += 1;
	const name = `${OWN}_${count}`;
	await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`);
	const database = open(name);
	const drop = async () => {
		await database.close();
		await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
	};
	return { ...database, drop };
}

async function findServer(): Promise<Server> {
	const url = process.env.TEST_DATABASE_URL;
	const { open, admin } = url ? outside(url) : shared();
	// The run's own server has its template already; an outside one gets one for this file.
	const template = url ? `${OWN}_template` : TEMPLATE;
	if (url) {
		await admin.unsafe(`CREATE DATABASE ${template}`);
		const database = open(template);
		await migrate(database.owner);
		await database.close();
	}
	const stop = async () => {
		const rows = await admin<{ datname: string }[]>`
			SELECT datname FROM pg_database WHERE datname LIKE ${`${OWN.replaceAll('_', '\\_')}\\_%`}`;
		for (const { datname } of rows) await admin.unsafe(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
		await admin.end();
	};
	return { open, admin, template, stop };
}

function outside(url: string) {
	const urlOf = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	const admin = postgres(url, { max: 1, onnotice: () => {} });
	return { open: (name: string) => openOutside(urlOf(name)), admin };
}

function shared() {
	const socketDir = process.env[SOCKET_VARIABLE];
	if (!socketDir)
		throw new Error(`${SOCKET_VARIABLE} is not set: run the tests by vitest with tests/vitest.config.ts`);
	const keepsRunning = { attached: false, stop: () => Promise.resolve() };
	const target = { host: socketDir, port: 5432, username: 'postgres', database: 'postgres' };
	return {
		open: (name: string) => openOnSocket(socketDir, name, keepsRunning),
		admin: postgres({ ...target, max: 1, onnotice: () => {} })
	};
}
