import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { PageBudget, SessionBudget } from './page-budget.ts';
import { Scribe, type ScribeOptions, type ScribePage } from './scribe.ts';
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

let clock = 0;
const pageOf = (more: Partial<ScribePage> = {}): ScribePage => ({
	agencyId: 'agency',
	pageId: 'page',
	styles: new Set(),
	budget: new PageBudget(() => clock, new SessionBudget(() => clock)),
	...more
});

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
	const written = await open().write(pageOf({ styles: elsewhere }), content);
	const raw = readContent(content) ?? [];
	const allowedAssets = (url: string): string | null => (url.startsWith('/ours/') ? `shown:${url}` : null);
	expect(written).toEqual(writeBatch(raw, { allowedAssets, styles: here }));
	expect(Buffer.from(written!.bytes).toString()).toContain('shown:/ours/a.png');
	expect(elsewhere).toEqual(here);
	expect(elsewhere).toEqual(new Set([7, 9]));
});

it('writes a small batch in the very turn it is asked', () => {
	const content = encodeBatch([]);
	expect(open().write(pageOf(), content)).toMatchObject({ times: [] });
	expect(open().write(pageOf(), 'no batch')).toBeNull();
});

it('says of what is no batch that it is none', async () => {
	expect(await open().write(pageOf(), bytesOf('no batch'))).toBeNull();
	expect(await scribe.write(pageOf(), encodeBatch([styled('p {}'.padEnd(200))]))).not.toBeNull();
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
	const batch = await scribe.write(pageOf({ styles: new Set([7]) }), hostile);
	isWritten = true;
	expect(decodeBatch(batch!.bytes)).toHaveLength(1);
	// Written here there would be one.
	expect(turns).toBeGreaterThan(20);
});

it('writes what is neither small nor large piece by piece, just as it would in one, and other work comes between', async () => {
	const css = 'p { background: url(/ours/a.png); color: red }'.repeat(1_000);
	const content = encodeBatch([styled(css)]);
	open({ hereUpTo: content.length });
	const [pieceByPiece, atOnce] = [new Set([7]), new Set([7])];
	let turns = 0;
	const turn = (): void => void (turns++, turns < 50 && setImmediate(turn));
	setImmediate(turn);
	const page = pageOf({ styles: pieceByPiece });
	const writing = scribe.write(page, content);
	const small = scribe.write(pageOf({ pageId: 'other' }), encodeBatch([]));
	expect(small).toMatchObject({ times: [] });
	const written = await writing;
	const allowedAssets = (url: string): string | null => (url.startsWith('/ours/') ? `shown:${url}` : null);
	expect(written).toEqual(writeBatch(readContent(content) ?? [], { allowedAssets, styles: atOnce }));
	expect(pieceByPiece).toEqual(atOnce);
	expect(turns).toBeGreaterThan(0);
	expect(await scribe.write(page, 'no batch'.padEnd(20_000))).toBeNull();
});

it('writes nothing more of a page in the loop once it has cost too much there, until time has passed', async () => {
	let costly = 0;
	const elsewhere = open({ script: MORTAL, onCostly: () => costly++ });
	const page = pageOf();
	page.budget.spendInLoop(5_000);
	// The process of this test answers with what it was given; here it would be no batch.
	expect(textOf(await elsewhere.write(page, bytesOf('by the process').subarray(0, 50)))).toBe(
		'by the process'
	);
	expect(elsewhere.write(pageOf({ pageId: 'honest' }), encodeBatch([]))).toMatchObject({ times: [] });
	expect(costly).toBe(1);
	clock += 600_000;
	expect(elsewhere.write(page, encodeBatch([]))).toMatchObject({ times: [] });
});

it('serves the pages of another agency between those of one that fills the queue', async () => {
	open({ script: MORTAL });
	const done: string[] = [];
	const write = (agencyId: string, n: number) =>
		Promise.resolve(
			scribe.write(pageOf({ agencyId, pageId: `${agencyId} ${n}` }), bytesOf(`${agencyId} ${n}`))
		).then((batch) => done.push(textOf(batch) ?? ''));
	await Promise.all([
		...[1, 2, 3, 4, 5].map((n) => write('greedy', n)),
		...[1, 2].map((n) => write('modest', n))
	]);
	expect(done.indexOf('modest 1')).toBeLessThan(3);
	expect(done.indexOf('modest 2')).toBeLessThan(5);
	expect(done).toHaveLength(7);
});

describe('a process that dies', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'switchback-scribe-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('of a batch once has it written by the next one, and who waited behind it, too', async () => {
		open({ script: MORTAL });
		const once = scribe.write(pageOf(), bytesOf(`once ${path.join(folder, 'died')}`));
		const other = scribe.write(pageOf(), bytesOf('other'));
		expect(textOf(await once)).toContain('once');
		expect(textOf(await other)).toBe('other');
		expect(errors).toHaveLength(1);
	});

	it('of a batch twice makes it none, and nobody else is concerned', async () => {
		open({ script: MORTAL });
		const deadly = scribe.write(pageOf(), bytesOf('deadly'));
		const other = scribe.write(pageOf(), bytesOf('other'));
		expect(await deadly).toBeNull();
		expect(textOf(await other)).toBe('other');
		expect(errors).toHaveLength(2);
	});

	it('is what becomes of one that never answers', async () => {
		open({ script: MORTAL, maxWriteMs: 400 });
		expect(await scribe.write(pageOf(), bytesOf('endless'))).toBeNull();
		expect(errors.map(String)[0]).toContain('too long');
	});
});
