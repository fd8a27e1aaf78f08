import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { removeSocketFolder, socketFolder, socketFolderOf } from '#server/db/embedded/socket-folder.ts';
import { CLUSTER_FOLDER, startEmbedded, type EmbeddedServer } from '#server/db/embedded/start-embedded.ts';

const folders: string[] = [];
function freshFolder(parent = tmpdir()): string {
	const folder = mkdtempSync(path.join(parent, 'switchback-embedded-'));
	folders.push(folder);
	return folder;
}
afterAll(() => {
	for (const folder of folders) {
		removeSocketFolder(path.join(folder, CLUSTER_FOLDER));
		rmSync(folder, { recursive: true, force: true });
	}
});

const HOLD = fileURLToPath(new URL('../support/hold-embedded.ts', import.meta.url));

async function holdInChild(folder: string): Promise<{ child: ChildProcess; attached: boolean }> {
	const child = spawn(process.execPath, [HOLD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [line] = await once(createInterface(child.stdout), 'line');
	return { child, attached: JSON.parse(line).attached };
}

async function query(server: EmbeddedServer, text: string) {
	const sql = postgres({
		host: server.socketDir,
		port: 5432,
		username: 'postgres',
		database: 'postgres',
		max: 1
	});
	return sql.unsafe(text).finally(() => sql.end());
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
const serverPid = (folder: string) =>
	Number(readFileSync(path.join(folder, CLUSTER_FOLDER, 'postmaster.pid'), 'utf8').split('\n')[0]);

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
	const end = Date.now() + limitMs;
	while (!condition()) {
		if (Date.now() > end) throw new Error('waited too long');
		await delay(20);
	}
}

describe('the embedded PostgreSQL', () => {
	it('starts on an empty folder, keeps what was written, and listens on no network', async () => {
		const folder = freshFolder();
		const first = await startEmbedded(folder);
		await query(first, 'CREATE TABLE kept AS SELECT 42 AS n');
		const [addresses] = await query(first, 'SHOW listen_addresses');
		expect(addresses).toEqual({ listen_addresses: '' });
		await first.stop();
		const second = await startEmbedded(folder);
		expect(await query(second, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
		expect(lstatSync(second.socketDir).mode & 0o777).toBe(0o700);
		await second.stop();
		expect(readdirSync(folder)).toEqual([CLUSTER_FOLDER]);
	});

	it('dies with its process even by SIGKILL, and opens again at once with what was committed', async () => {
		const folder = freshFolder();
		for (let round = 1; round <= 3; round += 1) {
			const { child } = await holdInChild(folder);
			const pid = serverPid(folder);
			child.kill('SIGKILL');
			// At once, while the old server may still be closing.
			const again = await startEmbedded(folder);
			const rows = again.attached ? [] : await query(again, 'SELECT count(*)::int AS n FROM kept');
			await until(() => !isAlive(pid));
			if (!again.attached) expect(rows).toEqual([{ n: round }]);
			await again.stop();
		}
	});

	it('is attached to, not started twice, while another process runs it', async () => {
		const folder = freshFolder();
		const { child } = await holdInChild(folder);
		const pid = serverPid(folder);
		const attached = await startEmbedded(folder);
		expect(attached.attached).toBe(true);
		expect(await query(attached, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
		await attached.stop();
		expect(isAlive(pid)).toBe(true);
		child.kill('SIGTERM');
		await until(() => !isAlive(pid));
	});

	it('is made once when two processes start on an empty folder together', async () => {
		const folder = freshFolder();
		const both = await Promise.all([holdInChild(folder), holdInChild(folder)]);
		expect(both.map(({ attached }) => attached).toSorted()).toEqual([false, true]);
		const pid = serverPid(folder);
		for (const { child } of both) child.kill('SIGKILL');
		await until(() => !isAlive(pid));
		expect(readdirSync(folder)).toEqual([CLUSTER_FOLDER]);
	});

	it('clears an initdb that a kill interrupted', async () => {
		const folder = freshFolder();
		mkdirSync(path.join(folder, `${CLUSTER_FOLDER}.new-999999999`));
		const server = await startEmbedded(folder);
		await server.stop();
		expect(readdirSync(folder)).toEqual([CLUSTER_FOLDER]);
	});

	it('refuses a socket folder that others may enter, or a link to one', () => {
		const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
		const who = { ids: {}, prefix: [], owner: mine };
		const cluster = path.join(freshFolder(), CLUSTER_FOLDER);
		mkdirSync(socketFolderOf(cluster), { mode: 0o700 });
		expect(socketFolder(cluster, who)).toBe(socketFolderOf(cluster));
		chmodSync(socketFolderOf(cluster), 0o755);
		expect(() => socketFolder(cluster, who)).toThrow(/not a folder of ours/);
		removeSocketFolder(cluster);
		symlinkSync(freshFolder(), socketFolderOf(cluster));
		expect(() => socketFolder(cluster, who)).toThrow(/not a folder of ours/);
		removeSocketFolder(cluster);
	});

	it('runs in a folder that no other user may enter', async () => {
		const closed = freshFolder();
		chmodSync(closed, 0o700);
		const folder = path.join(closed, 'data');
		folders.push(folder);
		const server = await startEmbedded(folder);
		expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
		await server.stop();
		// As root the files then belong to root, else to us: either way nobody else's.
		expect(statSync(path.join(folder, CLUSTER_FOLDER)).uid).toBe(process.getuid?.());
	});
});
