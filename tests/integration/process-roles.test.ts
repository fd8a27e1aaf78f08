// Web, hub and worker as processes of their own, on an outside PostgreSQL and Redis. Needs `npm run build`.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer } from '#support/postgres-server.ts';
import { RedisServer } from '#support/redis-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 120_000;

let folder = '';
let redis: RedisServer;
let postgres: PostgresServer;
let env: Record<string, string>;
const processes = new Map<string, { child: ChildProcess; port: number; output: () => string }>();

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}

/** As a balancer would ask: by the agency's host name, whatever the port. */
function ask(role: string, address: string): Promise<{ status: number; text: string }> {
	const { port } = processes.get(role)!;
	return new Promise((resolve, reject) => {
		const asked = request(
			{ host: '127.0.0.1', port, path: address, headers: { host: 'localhost:4711' } },
			(answer) => {
				let text = '';
				answer.on('data', (part: Buffer) => (text += part.toString()));
				answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
			}
		);
		asked.on('error', reject);
		asked.end();
	});
}

async function start(role: string): Promise<void> {
	const port = await freePort();
	const child = spawn(process.execPath, ['realtime/launch.mjs', 'start'], {
		cwd: ROOT,
		env: { ...process.env, ...env, PORT: String(port), SWITCHBACK_ROLE: role },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (part: Buffer) => (output += part.toString()));
	processes.set(role, { child, port, output: () => output });
	for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(100)) {
		if (child.exitCode !== null) throw new Error(`${role} ended: ${output}`);
		const isReady = await ask(role, '/readyz').then(
			({ status }) => status === 200,
			() => false
		);
		if (isReady) return;
	}
	throw new Error(`${role} never became ready: ${output}`);
}

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-roles-'));
	[redis, postgres] = await Promise.all([RedisServer.start(), PostgresServer.start()]);
	env = {
		DATABASE_URL: postgres.url,
		REDIS_URL: redis.url,
		SWITCHBACK_SECRET: 'a secret of the tests, long enough for anyone',
		DATA_DIR: path.join(folder, 'data'),
		AGENCY_ORIGIN: 'http://localhost:4711',
		PORTAL_ORIGIN: 'http://portal.localhost:4711',
		REPLAY_ORIGIN: 'http://replay.localhost:4711',
		LOG_LEVEL: 'error'
	};
	// Together: the first migrates, the others wait for it.
	await Promise.all(['web', 'hub', 'worker'].map(start));
}, 300_000);

afterAll(async () => {
	for (const { child } of processes.values()) if (child.exitCode === null) child.kill('SIGKILL');
	await Promise.all([postgres.stop(), redis.stop()]);
	rmSync(folder, { recursive: true, force: true });
});

describe('roles as processes of their own', () => {
	it('answer operators in each, pages in the web alone, and offer the set-up once', async () => {
		expect((await ask('web', '/login')).status).toBe(200);
		for (const role of ['hub', 'worker']) {
			expect(await ask(role, '/login')).toEqual({ status: 404, text: 'This process serves no pages.\n' });
			expect((await ask(role, '/healthz')).status).toBe(200);
		}
		expect(processes.get('web')!.output()).toContain('/setup?token=');
		expect(processes.get('hub')!.output()).not.toContain('/setup?token=');
		const { text } = await ask('worker', '/metrics');
		for (const dependency of ['database', 'redis', 'objects'])
			expect(text).toContain(`switchback_dependency_up{dependency="${dependency}"} 1`);
	});

	it('run the jobs of the clock in the worker, see them from every role, and end it in order', async () => {
		const delayed = async (role: string) =>
			Number(/switchback_jobs\{state="delayed"\} (\d+)/.exec((await ask(role, '/metrics')).text)?.[1]);
		await expect.poll(() => delayed('hub'), { timeout: 20_000 }).toBeGreaterThan(5);
		const { child } = processes.get('worker')!;
		child.kill('SIGTERM');
		await once(child, 'exit');
		expect(child.exitCode).toBe(0);
	});

	it('say which dependency is gone, and are ready again with it', async () => {
		await redis.kill();
		// An answer holds for two seconds.
		await expect
			.poll(() => ask('hub', '/readyz'), { timeout: 10_000 })
			.toEqual({ status: 503, text: 'redis does not answer\n' });
		await redis.resume();
		await expect
			.poll(() => ask('hub', '/readyz').then(({ status }) => status), { timeout: 20_000 })
			.toBe(200);
	});
});
