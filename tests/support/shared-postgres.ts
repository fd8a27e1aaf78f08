// One embedded PostgreSQL for a whole run of tests, made before the first file: starting one for each file would cost
// minutes. Vitest calls `setup` once and `teardown` at the end; files find the server by its environment variable.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeSocketFolder } from '#server/db/embedded/socket-folder.ts';
import { CLUSTER_FOLDER, startEmbedded } from '#server/db/embedded/start-embedded.ts';
import { migrate } from '#server/db/migrate.ts';
import { openOnSocket } from '#server/db/open-database.ts';
import postgres from 'postgres';

export const SOCKET_VARIABLE = 'SWITCHBACK_TEST_SOCKET';
/** Migrated once; every test's database is a copy of it. */
export const TEMPLATE = 'switchback_test';

const PREFIX = 'switchback-test-db-';

/** A test's data need not outlive the machine's power: three times faster on a slow disk. */
const FAST = {
	fsync: 'off',
	synchronous_commit: 'off',
	full_page_writes: 'off',
	max_connections: '300',
	// Tables of a few rows stay for the planner what they are at first, whichever test looks at a plan.
	autovacuum: 'off'
};

let stop: (() => Promise<void>) | null = null;

export async function setup(): Promise<void> {
	// Each project of the run calls it; the first one's server serves them all.
	if (process.env.TEST_DATABASE_URL || process.env[SOCKET_VARIABLE]) return;
	removeLeftovers();
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`)));
	const server = await startEmbedded(folder, FAST);
	const admin = postgres({
		host: server.socketDir,
		port: 5432,
		username: 'postgres',
		database: 'postgres',
		max: 1
	});
	await admin.unsafe(`CREATE DATABASE ${TEMPLATE}`);
	await admin.end();
	const keepsRunning = { attached: false, stop: () => Promise.resolve() };
	const database = openOnSocket(server.socketDir, TEMPLATE, keepsRunning);
	await migrate(database.owner);
	await database.close();
	process.env[SOCKET_VARIABLE] = server.socketDir;
	stop = async () => {
		await server.stop();
		removeFolder(folder);
	};
}

export async function teardown(): Promise<void> {
	await stop?.();
	stop = null;
}

function removeFolder(folder: string): void {
	removeSocketFolder(path.join(folder, CLUSTER_FOLDER));
	rmSync(folder, { recursive: true, force: true });
}

/** Folders of test runs that were killed before they could clean up. */
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
