// Opens the database that the settings name: the embedded one, or an outside PostgreSQL; the same in all else.
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Config } from '#server/config.ts';
import { startEmbedded } from './embedded/start-embedded.ts';
import { preparedClient } from './prepared-client.ts';
import * as schema from './schema/index.ts';
import type { Db } from './types.ts';

export type Database = {
	/** As the application's role, which owns no table: the log cannot be changed through it. */
	sql: postgres.Sql;
	/** Drizzle over the same pool. */
	db: Db;
	/** As the owner: migrations and commands only, never a request. */
	owner: postgres.Sql;
	/** For libraries that bring their own driver (the job queue): the application's login as a `pg` configuration. */
	connection: ConnectionSettings;
	/** True when another process of ours runs the embedded server: a second main process must then refuse to start. */
	attached: boolean;
	close(): Promise<void>;
};

export type ConnectionSettings =
	| { host: string; port: number; user: string; database: string }
	| { connectionString: string; options: string };

/** The role of the application. Migrations grant it what it needs, table by table. */
export const APP_ROLE = 'switchback_app';

const DATABASE_NAME = 'switchback';

/** Half of what the embedded server allows: jobs, commands and an attached process need connections too. */
const POOL_SIZE = 20;
const OWNER_POOL_SIZE = 2;

/** Ends a request's wait for a dead database before the browser gives up. */
const CONNECT_TIMEOUT_S = 10;
/** Open transactions get this long at the end; the whole process has 10 s (contract.md §Commands). */
const CLOSE_TIMEOUT_S = 5;
/**
 * A net, not a rule (no work of the gate waits for anything but its own connection): a transaction that stands still gives its
 * connection and its locks back. Attack: as many posts as the pool has connections, each waiting for one more, stop the process
 * for good.
 */
const IDLE_TRANSACTION_MS = 60_000;

// Parsed and written as dates by postgres.js; Drizzle's driver would switch that off for the whole pool.
const TIMESTAMP_TYPES = [1114, 1184] as const;
const JSON_TYPES = [114, 3802] as const;

const COMMON = {
	prepare: true,
	connect_timeout: CONNECT_TIMEOUT_S,
	// "relation already exists, skipping" and the like: nobody reads them.
	onnotice: () => {}
} satisfies postgres.Options<Record<string, postgres.PostgresType>>;

/** Opens both pools. It does not migrate: a command must not change the tables under a running main process. */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Database> {
	if (config.databaseUrl) return openOutside(config.databaseUrl);
	const server = await startEmbedded(config.dataDir);
	try {
		await createDatabase(server.socketDir);
		return openOnSocket(server.socketDir, DATABASE_NAME, server);
	} catch (error) {
		await server.stop();
		throw error;
	}
}

/** Opens a database of an embedded server that already runs. */
export function openOnSocket(
	socketDir: string,
	database: string,
	server: { attached: boolean; stop(): Promise<void> }
): Database {
	const target = { host: socketDir, port: 5432, database };
	const connection = { idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS };
	const owner = postgres({ ...COMMON, ...target, username: 'postgres', max: OWNER_POOL_SIZE });
	const sql = postgres({ ...COMMON, ...target, username: APP_ROLE, max: POOL_SIZE, connection });
	return assemble(sql, owner, { ...target, user: APP_ROLE }, server);
}

/** Opens an outside database: one login, and the application's connections take its role when they open. */
export function openOutside(url: string): Database {
	// Given when the connection opens, not by a SET afterwards: no pooled connection can ever miss it, and RESET ROLE
	// leads back to this role, not to the login.
	const options = `-c role=${APP_ROLE} -c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS}`;
	const owner = postgres(url, { ...COMMON, max: OWNER_POOL_SIZE });
	const sql = postgres(url, { ...COMMON, max: POOL_SIZE, connection: { options } });
	const server = { attached: false, stop: () => Promise.resolve() };
	return assemble(sql, owner, { connectionString: url, options }, server);
}

function assemble(
	sql: postgres.Sql,
	owner: postgres.Sql,
	connection: ConnectionSettings,
	server: { attached: boolean; stop(): Promise<void> }
): Database {
	return {
		sql,
		db: drizzleOver(sql),
		owner,
		connection,
		attached: server.attached,
		close: async () => {
			await Promise.all([sql.end({ timeout: CLOSE_TIMEOUT_S }), owner.end({ timeout: CLOSE_TIMEOUT_S })]);
			await server.stop();
		}
	};
}

/** Drizzle replaces the pool's conversions by none; plain SQL on the same pool still wants dates and JSON converted. */
function drizzleOver(sql: postgres.Sql): Db {
	const { parsers, serializers } = sql.options;
	const dates = TIMESTAMP_TYPES.map((type) => ({ type, parse: parsers[type], serialize: serializers[type] }));
	const db = drizzle(preparedClient(sql), { schema });
	for (const { type, parse, serialize } of dates) {
		// Without a conversion of its own postgres.js returns the text itself.
		if (parse) parsers[type] = parse;
		serializers[type] = serialize ?? ((value: unknown) => new Date(value as string | Date).toISOString());
	}
	// Drizzle hands over JSON as text, sql.json() as a value: both must arrive once encoded.
	for (const type of JSON_TYPES)
		serializers[type] = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
	return db;
}

async function createDatabase(socketDir: string): Promise<void> {
	const admin = postgres({
		...COMMON,
		host: socketDir,
		port: 5432,
		username: 'postgres',
		database: 'postgres',
		max: 1
	});
	try {
		const existing = await admin`SELECT 1 FROM pg_database WHERE datname = ${DATABASE_NAME}`;
		if (existing.length === 0) await admin.unsafe(`CREATE DATABASE ${DATABASE_NAME}`);
	} catch (error) {
		// Two processes that start at once both find it missing.
		if ((error as { code?: string }).code !== '42P04' && (error as { code?: string }).code !== '23505')
			throw error;
	} finally {
		await admin.end();
	}
}
