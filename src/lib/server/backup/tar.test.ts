import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentOf, readArchive, requireWhole } from './archive-reader.ts';
import { ArchiveWriter } from './archive-writer.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'switchback-archive-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LONG = `objects/${'long-name/'.repeat(30)}end`;
const fileOf = (name: string) => path.join(folder, name);

async function* parts(...texts: string[]) {
	for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function write(name: string): Promise<string> {
	const file = fileOf(name);
	const archive = new ArchiveWriter(file);
	await archive.add('backup.json', '{"a":1}');
	await archive.add('empty', '');
	await archive.stream(LONG, 11, parts('hello ', 'world'));
	await archive.pieces('database/task', parts('x'.repeat(3_000_000), 'y'.repeat(3_000_000), 'z'));
	await archive.finish();
	return file;
}

it('gives back every entry, long names and long streams too, and any tar reads it', async () => {
	const file = await write('a');
	await requireWhole(file);
	const found = new Map<string, string>();
	for await (const entry of readArchive(file)) found.set(entry.name, (await contentOf(entry)).toString());
	expect([...found.keys()]).toEqual([
		'backup.json',
		'empty',
		LONG,
		'database/task/000000',
		'database/task/000001'
	]);
	expect(found.get(LONG)).toBe('hello world');
	expect([...found.values()].slice(3).join('')).toBe(`${'x'.repeat(3_000_000)}${'y'.repeat(3_000_000)}z`);
	writeFileSync(fileOf('a.tar'), zstdDecompressSync(readFileSync(file)));
	const listed = execFileSync('tar', ['tf', fileOf('a.tar')], { encoding: 'utf8' })
		.trim()
		.split('\n');
	expect(listed).toEqual([...found.keys(), 'whole.json']);
});

it('is refused when its end is missing or a byte of it was changed', async () => {
	const file = await write('a');
	const whole = readFileSync(file);
	for (const end of [0, 1, 40, whole.length >> 1, whole.length - 100]) {
		writeFileSync(fileOf('cut'), whole.subarray(0, end));
		await expect(requireWhole(fileOf('cut'))).rejects.toMatchObject({ code: 'invalid' });
	}
	for (const at of [10, 60, whole.length - 150]) {
		const changed = Buffer.from(whole);
		changed[at]! ^= 1;
		writeFileSync(fileOf('changed'), changed);
		await expect(requireWhole(fileOf('changed'))).rejects.toMatchObject({ code: 'invalid' });
	}
	await expect(requireWhole(fileOf('none'))).rejects.toMatchObject({ code: 'not_found' });
});

it('never replaces a file and leaves nothing of one that was given up', async () => {
	const file = await write('a');
	const again = new ArchiveWriter(file);
	await again.add('x', 'y');
	await again.abandon();
	await requireWhole(file);
	const short = new ArchiveWriter(fileOf('b'));
	await expect(short.stream('o', 5, parts('1234'))).rejects.toThrow('changed');
	await short.abandon();
	expect(() => readFileSync(fileOf('b'))).toThrow();
	expect(() => readFileSync(fileOf('b.partial'))).toThrow();
});
