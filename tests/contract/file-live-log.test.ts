import { spawn } from 'node:child_process';
import {
	closeSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
	writeSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { batchOf, liveLogContract, readAll } from './live-log.contract.ts';

const folders: string[] = [];
function freshFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-live-log-'));
	folders.push(folder);
	return folder;
}
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const segments = (folder: string) =>
	readdirSync(folder)
		.filter((name) => name.startsWith('segment-'))
		.toSorted();
const lastSegment = (folder: string) => path.join(folder, segments(folder).at(-1)!);

for (const segmentBytes of [64 * 1024 * 1024, 2000]) {
	liveLogContract(`files of ${segmentBytes} bytes`, async () => {
		const folder = freshFolder();
		let log = await FileLiveLog.open(folder, { segmentBytes });
		const reopen = async () => {
			await log.close();
			return (log = await FileLiveLog.open(folder, { segmentBytes }));
		};
		return { log, reopen, close: () => log.close() };
	});
}

async function fill(folder: string, count: number, segmentBytes?: number): Promise<void> {
	const log = await FileLiveLog.open(folder, segmentBytes ? { segmentBytes } : {});
	for (let seq = 0; seq < count; seq += 1) await log.append(batchOf(seq));
	await log.close();
}

const CHILD = fileURLToPath(new URL('../support/append-until-killed.ts', import.meta.url));

/** Runs the appending child; `each` sees every number it was told is kept. */
function appendInChild(
	folder: string,
	each: (line: string, kill: () => void) => void,
	limitKb?: number
): Promise<void> {
	// The shell ignores SIGXFSZ for the child, so that a write past the limit fails like one on a full disk.
	const script = limitKb ? `trap '' XFSZ; ulimit -f ${limitKb * 2}; exec "$@"` : 'exec "$@"';
	const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, CHILD, folder], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	createInterface(child.stdout).on('line', (line) => each(line, () => void child.kill('SIGKILL')));
	return new Promise((resolve) => child.once('close', () => resolve()));
}

describe('files of the live log', () => {
	it('lose nothing acknowledged when the process is killed by SIGKILL while it appends', async () => {
		for (let round = 0; round < 5; round += 1) {
			const folder = freshFolder();
			const acknowledged: number[] = [];
			await appendInChild(folder, (line, kill) => {
				acknowledged.push(Number(line));
				if (acknowledged.length === 100 + round * 97) kill();
			});
			const log = await FileLiveLog.open(folder);
			const kept = (await readAll(log)).map(({ seq }) => seq);
			expect(kept.filter((seq) => acknowledged.includes(seq))).toEqual(
				acknowledged.toSorted((a, b) => a - b)
			);
			expect(new Set(kept).size).toBe(kept.length);
			expect(kept).toEqual(kept.toSorted((a, b) => a - b));
			await log.close();
		}
	});

	it('refuse with try_later when the disk takes no more, keep no torn record and then work again', async () => {
		const folder = freshFolder();
		const lines: string[] = [];
		await appendInChild(folder, (line) => void lines.push(line), 64);
		expect(lines).toContain('refused try_later');
		const log = await FileLiveLog.open(folder);
		expect(log.damage()).toEqual([]);
		const kept = (await readAll(log)).map(({ seq }) => seq);
		const told = lines.filter((line) => /^\d+$/.test(line)).map(Number);
		expect(kept).toEqual(told.toSorted((a, b) => a - b));
		expect(lines.at(-1)).toMatch(/^\d+$/);
		await log.close();
	});

	it.each([1, 7, 8, 9, 33, 60])('cut, report and survive a tail that lacks %i bytes', async (missing) => {
		const folder = freshFolder();
		await fill(folder, 10);
		const size = statSync(lastSegment(folder)).size;
		truncateSync(lastSegment(folder), size - missing);
		const log = await FileLiveLog.open(folder, { clock: { now: () => 77 } });
		expect(log.got('page-1')).toBe(8);
		const [damage] = log.damage();
		expect(damage).toMatchObject({ file: 'segment-00000001.log', foundAt: 77 });
		expect(damage!.at + damage!.lostBytes).toBe(size - missing);
		await log.append(batchOf(9));
		await log.close();
		const again = await FileLiveLog.open(folder);
		expect((await readAll(again)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
		expect(again.damage()).toEqual([damage]);
		await again.close();
	});

	it('never show a flipped bit as a batch, wherever it is', async () => {
		const source = freshFolder();
		await fill(source, 6);
		const whole = readFileSync(lastSegment(source));
		const expected = Array.from({ length: 6 }, (_, seq) => batchOf(seq));
		for (let at = 0; at < whole.length; at += 5) {
			const folder = freshFolder();
			const broken = Buffer.from(whole);
			broken[at]! ^= 1 << (at % 8);
			writeFileSync(path.join(folder, segments(source)[0]!), broken);
			const log = await FileLiveLog.open(folder);
			const kept = await readAll(log);
			expect(kept).toEqual(expected.slice(0, kept.length));
			expect(kept.length).toBeLessThan(6);
			expect(log.damage()).toHaveLength(1);
			await log.close();
		}
	});

	it('cut a bad record in an older file and keep the files behind it', async () => {
		const folder = freshFolder();
		await fill(folder, 30, 1000);
		expect(segments(folder).length).toBeGreaterThan(2);
		const second = openSync(path.join(folder, segments(folder)[1]!), 'r+');
		writeSync(second, Buffer.from([0xff, 0xff, 0xff, 0xff]), 0, 4, 8);
		closeSync(second);
		const log = await FileLiveLog.open(folder);
		const kept = (await readAll(log)).map(({ seq }) => seq);
		expect(kept.at(-1)).toBe(29);
		expect(kept.length).toBeLessThan(30);
		expect(log.got('page-1')).toBe(kept.findIndex((seq, at) => seq !== at) - 1);
		expect(log.damage().map(({ file }) => file)).toEqual(['segment-00000002.log']);
		await log.close();
	});

	it('report a tail of zeros, as a power cut leaves it, and cut it', async () => {
		const folder = freshFolder();
		await fill(folder, 3);
		truncateSync(lastSegment(folder), statSync(lastSegment(folder)).size + 4096);
		const log = await FileLiveLog.open(folder);
		expect(log.got('page-1')).toBe(2);
		expect(log.damage()).toMatchObject([{ lostBytes: 4096 }]);
		await log.close();
	});

	it('count up to the first hole, and read in order of numbers, what damage has left', async () => {
		const folder = freshFolder();
		const log = await FileLiveLog.open(folder);
		for (const seq of [0, 2, 1, 5, 4]) await log.append(batchOf(seq));
		expect(log.got('page-1')).toBe(2);
		expect((await readAll(log)).map(({ seq }) => seq)).toEqual([0, 1, 2, 4, 5]);
		expect((await readAll(log, 'page-1', 2)).map(({ seq }) => seq)).toEqual([2, 4, 5]);
		await log.trim('page-1', 4);
		expect((await readAll(log)).map(({ seq }) => seq)).toEqual([4, 5]);
		await log.close();
		const again = await FileLiveLog.open(folder);
		await again.append(batchOf(3));
		expect(again.got('page-1')).toBe(5);
		await again.close();
	});

	it('let segments of sealed batches go and carry on only how far they were sealed', async () => {
		const folder = freshFolder();
		const log = await FileLiveLog.open(folder, { segmentBytes: 1000 });
		for (let seq = 0; seq < 60; seq += 1) {
			await log.append(batchOf(seq));
			await log.append(batchOf(seq, { pageId: 'page-2' }));
			if (seq % 5 === 4) await log.trim(seq % 2 ? 'page-1' : 'page-2', seq);
		}
		await log.trim('page-1', 59);
		await log.trim('page-2', 59);
		expect(segments(folder).length).toBeLessThan(5);
		await log.close();
		const again = await FileLiveLog.open(folder, { segmentBytes: 1000 });
		expect([again.got('page-1'), again.got('page-2')]).toEqual([59, 59]);
		await again.remove('page-1');
		await again.remove('page-2');
		expect(segments(folder).length).toBeLessThanOrEqual(2);
		await again.close();
		expect((await FileLiveLog.open(folder)).got('page-1')).toBe(-1);
	});

	it('can be looked at while another process writes and is torn in the middle of a record', async () => {
		const folder = freshFolder();
		await fill(folder, 6, 1000);
		const before = statSync(lastSegment(folder)).size - 5;
		truncateSync(lastSegment(folder), before);
		const look = await FileLiveLog.look(folder);
		const seen = await Array.fromAsync(look.read('page-1'));
		expect(seen.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
		expect(await Array.fromAsync(look.pages())).toEqual([
			{ pageId: 'page-1', impersonationId: 'imp-1', got: 4 }
		]);
		// What is torn may be what the other one is writing.
		expect(statSync(lastSegment(folder)).size).toBe(before);
		expect(readdirSync(folder)).not.toContain('damage.jsonl');
		expect(await Array.fromAsync((await FileLiveLog.look(path.join(folder, 'none'))).pages())).toEqual([]);
	});

	it('delete segments in which nothing is alive, and only those', async () => {
		const folder = freshFolder();
		const log = await FileLiveLog.open(folder, { segmentBytes: 1000 });
		for (let seq = 0; seq < 40; seq += 1)
			await log.append(batchOf(seq, { pageId: seq % 20 === 0 ? 'long' : 'short', seq }));
		const before = segments(folder).length;
		await log.remove('short');
		expect(segments(folder).length).toBeLessThan(before);
		await log.close();
		const again = await FileLiveLog.open(folder, { segmentBytes: 1000 });
		expect(await readAll(again, 'short')).toEqual([]);
		expect((await readAll(again, 'long')).map(({ seq }) => seq)).toEqual([0, 20]);
		await again.remove('long');
		expect(segments(folder).length).toBeLessThanOrEqual(1);
		await again.close();
	});
});
