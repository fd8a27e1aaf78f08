// A real Redis (Debian's package) for a test: a process of its own on a free port and a folder of its own, with the settings
// that the product demands. It can be killed and started again on the same data.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const READY_WITHIN_MS = 10_000;

export type RedisSettings = { appendonly?: 'yes' | 'no'; 'maxmemory-policy'?: string; maxmemory?: string };

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'));
		socket.once('data', (data) => resolve(data.toString().startsWith('+PONG')));
		socket.once('error', () => resolve(false));
		setTimeout(() => resolve(false), 500).unref();
	});
}

export class RedisServer {
	readonly port: number;
	readonly #folder: string;
	readonly #settings: RedisSettings;
	#child: ChildProcess | null = null;

	private constructor(port: number, folder: string, settings: RedisSettings) {
		this.port = port;
		this.#folder = folder;
		this.#settings = settings;
	}

	static async start(settings: RedisSettings = {}): Promise<RedisServer> {
		if (spawnSync('redis-server', ['--version']).status !== 0)
			throw new Error('These tests need redis-server: apt-get install redis-server');
		const folder = mkdtempSync(path.join(tmpdir(), 'switchback-redis-'));
		const all = { appendonly: 'yes' as const, 'maxmemory-policy': 'noeviction', ...settings };
		const server = new RedisServer(await freePort(), folder, all);
		await server.resume();
		return server;
	}

	get url(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	/** Starts it again on what it kept. */
	async resume(): Promise<void> {
		const words = Object.entries(this.#settings).flatMap(([name, value]) => [`--${name}`, value]);
		const here = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
		this.#child = spawn('redis-server', [...here, ...words], { stdio: 'ignore' });
		for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(20))
			if (await answers(this.port)) return;
		throw new Error('Redis did not start.');
	}

	/** As a power cut or the system's memory killer would. */
	async kill(): Promise<void> {
		const child = this.#child;
		this.#child = null;
		if (!child) return;
		const gone = once(child, 'exit');
		child.kill('SIGKILL');
		await gone;
	}

	async stop(): Promise<void> {
		await this.kill();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
