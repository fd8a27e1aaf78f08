// The demo as a process of its own, so that a test may kill it as a power cut would and start it again.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpPerson } from './http-person.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The demo is built first, by as many at once as there are workers; whoever waits less says so with a clock of their own. */
const READY_WITHIN_MS = 200_000;

export type Outcome = { code: number | null; signal: string | null; stdout: string; stderr: string };

type Env = Record<string, string | undefined>;

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}

function launchChild(
	node: string,
	words: string[],
	env: Env
): { child: ChildProcess; ended: Promise<Outcome> } {
	const child = spawn(node, ['realtime/launch.mjs', ...words], {
		cwd: ROOT,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const ended = once(child, 'exit').then(([code, signal]) => ({
		code: code as number | null,
		signal: signal as string | null,
		stdout,
		stderr
	}));
	return { child, ended };
}

/** Runs one command to its end, by this Node or another one. */
export const runCommand = (words: string[], env: Env = {}, node = process.execPath): Promise<Outcome> =>
	launchChild(node, words, env).ended;

export class DemoProcess {
	readonly port: number;
	readonly dataDir: string;
	readonly #settings: Env;
	#child: ChildProcess | null = null;
	#ended: Promise<Outcome> | null = null;

	private constructor(port: number, dataDir: string, settings: Env) {
		this.port = port;
		this.dataDir = dataDir;
		this.#settings = settings;
	}

	/** On a port and a folder of its own, with more settings than its own where given; not started yet. */
	static async create(settings: Env = {}): Promise<DemoProcess> {
		const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-process-'));
		return new DemoProcess(await freePort(), dataDir, settings);
	}

	get env(): Env {
		const own = { PORT: String(this.port), DATA_DIR: this.dataDir, LOG_LEVEL: 'error' };
		return { ...own, ...this.#settings };
	}

	/** Of the running process. */
	get pid(): number {
		if (!this.#child?.pid) throw new Error('It is not running.');
		return this.#child.pid;
	}

	/** Resolves when it answers `/readyz`. */
	async start(): Promise<void> {
		const { child, ended } = launchChild(process.execPath, ['demo'], this.env);
		this.#child = child;
		this.#ended = ended;
		// By its own port, whatever its address is to others.
		const person = new HttpPerson(this.port);
		const origin = this.env['AGENCY_ORIGIN'] ?? `http://localhost:${this.port}`;
		let outcome: Outcome | null = null;
		void ended.then((value) => (outcome = value));
		for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(50)) {
			if (outcome) throw new Error(`It ended instead of starting: ${JSON.stringify(outcome)}`);
			const isReady = await person.ask(`${origin}/readyz`).then(
				({ status }) => status === 200,
				() => false
			);
			if (isReady) return;
		}
		throw new Error('It never became ready.');
	}

	/** Ends it by a signal and waits until it is gone. */
	async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Outcome & { tookMs: number }> {
		if (!this.#child || !this.#ended) throw new Error('It is not running.');
		const startedAt = performance.now();
		this.#child.kill(signal);
		const outcome = await this.#ended;
		this.#child = null;
		return { ...outcome, tookMs: performance.now() - startedAt };
	}

	async remove(): Promise<void> {
		if (this.#child) await this.end('SIGTERM');
		await rm(this.dataDir, { recursive: true, force: true });
	}
}
