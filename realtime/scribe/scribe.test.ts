import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { Scribe, type ScribeOptions } from './scribe.ts';
import { readContent, writeBatch } from './write-batch.ts';

const MORTAL = new URL('../../tests/support/mortal-scribe.ts', import.meta.url);

let errors: unknown[] = [];
let scribe: Scribe;
const open = (more: Partial<ScribeOptions> = {}): Scribe =>
	(scribe = new Scribe({
		allowedAssets: (url) => (url.startsWith('/ours/') ? `shown:${url}` : null),
		onError: (error) => errors.push(error),
		hereUpTo: 100,
		...more
	}));
beforeEach(() => {
	errors = [];
});
afterEach(() => scribe.stop());

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(200));
const textOf = (batch: { bytes: Uint8Array } | null): string | null =>
	batch && Buffer.from(batch.bytes).toString().trim();

/** Text of a style sheet that comes into a `style` element known by its id. */
const styled = (css: string): RecordedEvent => ({
	type: 3,
	timestamp: 5,
	data: { source: 0, adds: [{ parentId: 7, nextId: null, node: { type: 3, id: 8, textContent: css } }] }
});
const styleIn = (id: number): RecordedEvent => ({
	type: 3,
	timestamp: 4,
	data: {
		source: 0,
		adds: [
			{
				parentId: 1,
				nextId: null,
				node: { type: 2, id, tagName: 'style', attributes: {}, childNodes: [] }
			}
		]
	}
});

it('writes a large batch elsewhere just as it would here, with the addresses that are allowed and the styles it knows', async () => {
	const css = `p { background: url(/ours/a.png) } q { background: url(https://elsewhere.test/b.png) }`;
	const content = encodeBatch([
		styled(css),
		styleIn(9),
		{ type: 3, timestamp: 6, data: { source: 2, type: 2 } }
	]);
	const [elsewhere, here] = [new Set([7]), new Set([7])];
	const written = await open().write(content, elsewhere);
	const raw = readContent(content) ?? [];
	const allowedAssets = (url: string): string | null => (url.startsWith('/ours/') ? `shown:${url}` : null);
	expect(written).toEqual(writeBatch(raw, { allowedAssets, styles: here }));
	expect(Buffer.from(written!.bytes).toString()).toContain('shown:/ours/a.png');
	expect(elsewhere).toEqual(here);
	expect(elsewhere).toEqual(new Set([7, 9]));
});

it('writes a small batch in the very turn it is asked', () => {
	const content = encodeBatch([]);
	expect(open().write(content, new Set())).toMatchObject({ times: [] });
	expect(open().write('no batch', new Set())).toBeNull();
});

it('says of what is no batch that it is none', async () => {
	expect(await open().write(bytesOf('no batch'), new Set())).toBeNull();
	expect(await scribe.write(encodeBatch([styled('p {}'.padEnd(200))]), new Set())).not.toBeNull();
});

it('lets the loop go on while a batch is written that was made to take long', async () => {
	open();
	// Every two signs a token: what costs most for its length.
	const hostile = encodeBatch([styled('a(}'.repeat(500_000))]);
	let turns = 0;
	let isWritten = false;
	const turn = (): void => {
		turns++;
		if (!isWritten) setImmediate(turn);
	};
	setImmediate(turn);
	const batch = await scribe.write(hostile, new Set([7]));
	isWritten = true;
	expect(decodeBatch(batch!.bytes)).toHaveLength(1);
	// Written here there would be one.
	expect(turns).toBeGreaterThan(20);
});

describe('a process that dies', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'switchback-scribe-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('of a batch once has it written by the next one, and who waited behind it, too', async () => {
		open({ script: MORTAL });
		const once = scribe.write(bytesOf(`once ${path.join(folder, 'died')}`), new Set());
		const other = scribe.write(bytesOf('other'), new Set());
		expect(textOf(await once)).toContain('once');
		expect(textOf(await other)).toBe('other');
		expect(errors).toHaveLength(1);
	});

	it('of a batch twice makes it none, and nobody else is concerned', async () => {
		open({ script: MORTAL });
		const deadly = scribe.write(bytesOf('deadly'), new Set());
		const other = scribe.write(bytesOf('other'), new Set());
		expect(await deadly).toBeNull();
		expect(textOf(await other)).toBe('other');
		expect(errors).toHaveLength(2);
	});

	it('is what becomes of one that never answers', async () => {
		open({ script: MORTAL, maxWriteMs: 400 });
		expect(await scribe.write(bytesOf('endless'), new Set())).toBeNull();
		expect(errors.map(String)[0]).toContain('too long');
	});
});
