// A second hub for a test, as a real process: killed as by the system, or ended as by an upgrade.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ConnectionSettings } from '#server/db/open-database.ts';

export class HubProcess {
	readonly port: number;
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess, port: number) {
		this.#child = child;
		this.port = port;
	}

	static async start(connection: ConnectionSettings, redisUrl: string): Promise<HubProcess> {
		const file = fileURLToPath(new URL('hub-child.ts', import.meta.url));
		const child = fork(file, [JSON.stringify({ connection, redisUrl })]);
		const port = await new Promise<number>((resolve, reject) => {
			child.once('message', (message) => resolve(Number(message)));
			child.once('exit', (code) => reject(new Error(`The hub ended with code ${code}`)));
		});
		return new HubProcess(child, port);
	}

	/** @returns its exit code; null when it was killed */
	async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
		const gone = once(this.#child, 'exit');
		this.#child.kill(signal);
		await gone;
		return this.#child.exitCode;
	}
}
