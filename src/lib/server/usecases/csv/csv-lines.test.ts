import { describe, expect, it } from 'vitest';
import { csvStream, csvTime, type Cell } from './csv-lines.ts';

async function* batches(...all: Cell[][][]) {
	for (const batch of all) yield await Promise.resolve(batch);
}
const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).bytes();
const read = async (...all: Cell[][][]) =>
	new TextDecoder('utf-8', { ignoreBOM: true }).decode(
		await textOf(csvStream(['Name', 'Tasks'], batches(...all)))
	);

describe('a CSV', () => {
	it('has one head, every batch, and the mark by which spreadsheets know its letters', async () => {
		expect(await read([['Bäckerei', 1]], [], [['Cedar, "Clinic"', null]])).toBe(
			'\uFEFFName,Tasks\r\nBäckerei,1\r\n"Cedar, ""Clinic""",\r\n'
		);
	});

	it.each(['=HYPERLINK("http://x")', '+1+1', '-2+3', '@SUM(A1)', '\tx', '\rx'])(
		'lets no spreadsheet run %j',
		async (cell) => {
			const [, row] = (await read([[cell, 0]])).split(/\r\n(?=["'])/);
			expect(row).toMatch(/^"?'/);
		}
	);

	it('breaks off when rows cannot be read, so that half a list never looks whole', async () => {
		const broken = (async function* () {
			yield [['a', 1]] as Cell[][];
			await Promise.resolve();
			throw new Error('gone');
		})();
		await expect(textOf(csvStream(['Name', 'Tasks'], broken))).rejects.toThrow('gone');
	});

	it('asks for no more rows once its reader is gone', async () => {
		let asked = 0;
		const endless = (async function* () {
			for (;;) {
				asked += 1;
				yield await Promise.resolve([['a', 1]] as Cell[][]);
			}
		})();
		const reader = csvStream(['Name', 'Tasks'], endless).getReader();
		await reader.read();
		await reader.read();
		await reader.cancel();
		const before = asked;
		await new Promise((resolve) => setTimeout(resolve, 10));
		expect(asked).toBe(before);
	});

	it('writes instants in one form', () => {
		expect(csvTime(0)).toBe('1970-01-01T00:00:00.000Z');
		expect(csvTime(null)).toBeNull();
	});
});
