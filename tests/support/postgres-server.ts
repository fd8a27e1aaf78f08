// A PostgreSQL of the system's package for a test: a process of its own on a free port and a folder of its own. It can be
// killed and started again on the same data.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const INSTALLED = '/usr/lib/postgresql';
const READY_WITHIN_MS = 20_000;

/** It refuses to run as root. */
function who(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

function programs(): string {
	const [newest] = readdirSync(INSTALLED).toSorted((a, b) => Number(b) - Number(a));
	if (!newest) throw new Error('These tests need PostgreSQL: apt-get install postgresql');
	return path.join(INSTALLED, newest, 'bin');
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}

export class PostgresServer {
	readonly port: number;
	private readonly folder: string;
	private readonly bin = programs();
	private readonly run = { ...who(), cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
	private child: ChildProcess | null = null;

	private constructor(port: number, folder: string) {
		this.port = port;
		this.folder = folder;
		if (this.run.uid !== undefined) chownSync(folder, this.run.uid, this.run.gid ?? 0);
	}

	static async start(): Promise<PostgresServer> {
		const folder = mkdtempSync(path.join(tmpdir(), 'switchback-postgres-'));
		const server = new PostgresServer(await freePort(), folder);
		const words = ['-D', server.data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'];
		execFileSync(`${server.bin}/initdb`, words, { ...server.run, stdio: 'ignore' });
		await server.resume();
		return server;
	}

	get url(): string {
		return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
	}

	/** Starts it on what it kept, and recovers as it must. */
	async resume(): Promise<void> {
		// Killing the process is the fault, not the power: what the system was handed is there.
		const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-k', this.folder];
		const words = ['-D', this.data, '-p', String(this.port), ...settings];
		this.child = spawn(`${this.bin}/postgres`, words, { ...this.run, stdio: 'ignore' });
		const ask = ['-h', '127.0.0.1', '-p', String(this.port), '-q'];
		for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(50)) {
			const asked = spawn(`${this.bin}/pg_isready`, ask, { ...this.run, stdio: 'ignore' });
			const [code] = (await once(asked, 'exit')) as [number | null];
			if (code === 0) return;
		}
		throw new Error('PostgreSQL did not start.');
	}

	/** All of its processes at once, as the system's memory killer or a power cut would. */
	async kill(): Promise<void> {
		const child = this.child;
		this.child = null;
		if (!child?.pid) return;
		const gone = once(child, 'exit');
		const family = [...childrenOf(child.pid), child.pid];
		for (const pid of family) {
			try {
				process.kill(pid, 'SIGKILL');
			} catch {
				// Gone by itself in the meantime, as backends go: what was wanted.
			}
		}
		await gone;
	}

	async stop(): Promise<void> {
		await this.kill();
		rmSync(this.folder, { recursive: true, force: true });
	}

	private get data(): string {
		return path.join(this.folder, 'data');
	}
}

const childrenOf = (pid: number): number[] =>
	readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
