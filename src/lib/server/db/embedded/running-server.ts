// Tells whether another process of ours already runs this cluster and answers.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

/** PostgreSQL's own layout of postmaster.pid: the fifth line is the socket's folder, the eighth the state. */
const SOCKET_LINE = 4;
const STATE_LINE = 7;

/** A living server accepts at once; this only bounds a socket whose server hangs. */
const ANSWER_MS = 1_000;

/** True when the cluster's server is ready on exactly this socket folder. */
export async function isServerRunning(cluster: string, socketDir: string): Promise<boolean> {
	const lines = pidFile(cluster);
	if (lines[SOCKET_LINE] !== socketDir || lines[STATE_LINE]?.trim() !== 'ready') return false;
	// The file survives kill -9 and a power cut; only the socket proves a living server.
	return answers(path.join(socketDir, '.s.PGSQL.5432'));
}

function pidFile(cluster: string): string[] {
	try {
		return readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

function answers(socket: string): Promise<boolean> {
	return new Promise((resolve) => {
		const connection = connect(socket);
		const settle = (answer: boolean) => {
			connection.destroy();
			resolve(answer);
		};
		connection.setTimeout(ANSWER_MS, () => settle(false));
		connection.once('connect', () => settle(true));
		connection.once('error', () => settle(false));
	});
}
