// A backup of a running demo, restored elsewhere: the commands as an operator runs them. Needs `npm run build`.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { DemoProcess, runCommand } from '#support/demo-process.ts';
import { closeSockets, snapshot, typed } from '#support/hub-client.ts';
import { connectRecorder, goInside, query, type Inside } from '#support/inside-demo.ts';

const BATCHES = 12;

const TABLES = `SELECT c.relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', c.relname),
	false, true, '')))[1]::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
	AND relname NOT IN ('outbox', 'schema_migration') ORDER BY 1`;

let demo: DemoProcess;
let inside: Inside;
let folder = '';
let file = '';
let restored: Record<string, string>;

const rowsIn = async (env: DemoProcess['env']): Promise<Map<string, number>> =>
	new Map((await query({ env }, TABLES)).map(([table = '', rows]) => [table, Number(rows)]));

const read = async (log: Pick<LiveLog, 'read'>, pageId: string) =>
	(await Array.fromAsync(log.read(pageId))).map(({ seq, bytes }) => [seq, Buffer.from(bytes).toString()]);

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-backup-'));
	file = path.join(folder, 'all.backup');
	restored = { DATA_DIR: path.join(folder, 'restored'), LOG_LEVEL: 'error' };
	demo = await DemoProcess.create();
	await demo.start();
	inside = await goInside(demo);
	const recorder = await connectRecorder(demo, inside);
	for (let seq = 0; seq < BATCHES; seq += 1) {
		const reply = await recorder.append(seq, seq === 0 ? snapshot() : [typed(`batch ${seq}`)]);
		if (!reply.ok) throw new Error(`batch ${seq} was refused`);
	}
}, 200_000);

afterAll(async () => {
	closeSockets();
	await demo.remove();
	rmSync(folder, { recursive: true, force: true });
});

describe('backup and restore', () => {
	it('write one private file beside the running process, and refuse to write it twice', async () => {
		const made = await runCommand(['backup', file], demo.env);
		expect(made.stderr).toBe('');
		expect(made.code).toBe(0);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const again = await runCommand(['backup', file], demo.env);
		expect(again.code).toBe(1);
		expect(again.stderr).toContain('exists');
	});

	it('make the same installation elsewhere: rows, batches, objects, keys, and a whole chain', async () => {
		const done = await runCommand(['restore', file], restored);
		expect(done.stderr).toBe('');
		expect(done.code).toBe(0);
		// The running demo goes on meanwhile; it is stopped so that both can be compared at rest.
		await demo.end('SIGTERM');

		const verified = await runCommand(['verify-log'], restored);
		expect(verified.stdout.trim().split('\n').at(-1)).toMatch(/^chain whole to row [1-9]\d*$/);
		expect(verified.code).toBe(0);

		const [is, was] = [await rowsIn(restored), await rowsIn(demo.env)];
		// What the demo did after the backup is not in it; hubs leave when they end, and rows that wait for work go once it is done.
		for (const passing of ['hub', 'tally', 'unnamed_object']) was.delete(passing);
		for (const [table, rows] of was) expect(is.get(table), table).toBeLessThanOrEqual(rows);
		for (const table of ['client', 'contact', 'task', 'invoice', 'file'])
			expect(is.get(table), table).toBe(was.get(table));

		const [from, to] = [demo.dataDir, restored['DATA_DIR']!];
		const logs = await Promise.all([from, to].map((at) => FileLiveLog.look(path.join(at, 'live-log'))));
		const [before, after] = await Promise.all(logs.map((log) => read(log, inside.pageId)));
		expect(after).toHaveLength(BATCHES);
		expect(after).toEqual(before);

		for (const name of readdirSync(path.join(from, 'keys')))
			expect(readFileSync(path.join(to, 'keys', name))).toEqual(readFileSync(path.join(from, 'keys', name)));
		expect(readFileSync(path.join(to, 'secret'))).toEqual(readFileSync(path.join(from, 'secret')));
		const objects = readdirSync(path.join(to, 'blobs'), { recursive: true }).map(String);
		const stored = objects.filter((name) => statSync(path.join(to, 'blobs', name)).isFile());
		expect(stored.length).toBeGreaterThan(0);
		for (const name of stored)
			expect(readFileSync(path.join(to, 'blobs', name))).toEqual(
				readFileSync(path.join(from, 'blobs', name))
			);
	});

	it('refuse to restore over anything, and from a file that is not whole', async () => {
		const over = await runCommand(['restore', file], restored);
		expect(over.code).toBe(1);
		expect(over.stderr).toContain('is not empty');
		const cut = path.join(folder, 'cut.backup');
		writeFileSync(cut, readFileSync(file).subarray(0, 5_000));
		const elsewhere = path.join(folder, 'never');
		const broken = await runCommand(['restore', cut], { ...restored, DATA_DIR: elsewhere });
		expect(broken.code).toBe(1);
		expect(broken.stderr).toContain('not a whole backup');
		expect(existsSync(elsewhere)).toBe(false);
	});
});
