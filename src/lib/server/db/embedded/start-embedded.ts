// A real PostgreSQL as part of this process: started, attached to or awaited, and ended with us.
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guardedProcess, type GuardedProcess } from './guarded-process.ts';
import { initCluster } from './init-cluster.ts';
import { nativeFolder } from './native-folder.ts';
import { runAs, type RunAs } from './run-as.ts';
import { isServerRunning } from './running-server.ts';
import { socketFolder } from './socket-folder.ts';

export type EmbeddedServer = {
	/** Host for a PostgreSQL client; the port is 5432, the superuser `postgres`, without a password. */
	socketDir: string;
	/** Ends the server, unless it belongs to another process. */
	stop(): Promise<void>;
	/** True when another process of ours runs the server; it ends with that one. */
	attached: boolean;
};

/** Named by major version, so that a later one never opens files it cannot read. */
export const CLUSTER_FOLDER = 'pg18';

/** Covers crash recovery of a large log and an old server that is still closing. */
const START_LIMIT_MS = 60_000;
const RETRY_MS = 50;

const READY = 'database system is ready to accept connections';
/** A start right after a kill finds the old server still closing; two starts at once find each other. */
const OCCUPIED = /lock file "[^"]+" already exists|pre-existing shared memory block|is already in use/;

const SETTINGS = {
	// No network at all: whoever may enter the socket's folder may connect, nobody else.
	listen_addresses: '',
	unix_socket_permissions: '0700',
	shared_buffers: '64MB',
	max_connections: '60',
	timezone: 'UTC',
	log_timezone: 'UTC'
};

/**
 * Opens the cluster under `dataDir`, making it the first time.
 * @param settings PostgreSQL settings beside ours; tests trade durability for speed
 */
export async function startEmbedded(
	dataDir: string,
	settings: Readonly<Record<string, string>> = {}
): Promise<EmbeddedServer> {
	mkdirSync(dataDir, { recursive: true });
	// One name for one cluster: two paths to the same folder must find the same socket.
	const cluster = path.join(realpathSync(dataDir), CLUSTER_FOLDER);
	const native = nativeFolder();
	const who = runAs(native, cluster);
	await initCluster({ native, cluster, who }, settings.fsync !== 'off');
	const socketDir = socketFolder(cluster, who);
	const command = [path.join(native, 'bin/postgres'), '-D', cluster, '-k', socketDir, '-p', '5432'];
	for (const [name, value] of Object.entries({ ...SETTINGS, ...settings }))
		command.push('-c', `${name}=${value}`);

	const deadline = performance.now() + START_LIMIT_MS;
	for (;;) {
		if (await isServerRunning(cluster, socketDir))
			return { socketDir, attached: true, stop: () => Promise.resolve() };
		const server = await launch(who, command);
		if (server) return { socketDir, attached: false, stop: () => stop(server) };
		if (performance.now() > deadline)
			throw new Error(
				`another PostgreSQL still holds ${cluster} and does not answer: end it and start again`
			);
		await delay(RETRY_MS);
	}
}

/** @returns null when another server holds the cluster */
async function launch(who: RunAs, command: readonly string[]): Promise<GuardedProcess | null> {
	const server = guardedProcess(who, command);
	let timer: NodeJS.Timeout | undefined;
	const outcome = await Promise.race([
		new Promise<'ready'>((resolve) => server.onLog((log) => log.includes(READY) && resolve('ready'))),
		server.exited.then(() => 'exited' as const),
		new Promise<'late'>((resolve) => {
			timer = setTimeout(() => resolve('late'), START_LIMIT_MS);
		})
	]);
	clearTimeout(timer);
	if (outcome === 'ready') {
		server.onLog(() => {});
		server.unref();
		return server;
	}
	if (outcome === 'exited' && OCCUPIED.test(server.log())) return null;
	server.end();
	throw new Error(`PostgreSQL did not start: ${server.log().trim()}`);
}

async function stop(server: GuardedProcess): Promise<void> {
	server.end();
	await server.exited;
}
