// What every live log keeps to, whatever it is made of. `reopen` closes it and opens it on the same data.
import { describe, expect, it } from 'vitest';
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';

export type LiveLogFixture = { log: LiveLog; reopen(): Promise<LiveLog>; close(): Promise<void> };

export function batchOf(seq: number, over: Partial<StoredBatch> = {}): StoredBatch {
	const text = JSON.stringify([{ type: 3, data: { seq, text: 'grüß '.repeat(seq % 7 === 0 ? 400 : 3) } }]);
	const bytes = new TextEncoder().encode(text);
	return {
		impersonationId: 'imp-1',
		pageId: 'page-1',
		seq,
		receivedAt: 1_790_000_000_123 + seq,
		offsetMs: -12.5,
		bytes,
		...over
	};
}

export async function readAll(log: LiveLog, pageId = 'page-1', from?: number): Promise<StoredBatch[]> {
	const batches: StoredBatch[] = [];
	for await (const batch of log.read(pageId, from))
		batches.push({ ...batch, bytes: new Uint8Array(batch.bytes) });
	return batches;
}

export function liveLogContract(name: string, open: () => Promise<LiveLogFixture>): void {
	const withLog = (work: (fixture: LiveLogFixture) => Promise<void>) => async () => {
		const fixture = await open();
		await work(fixture).finally(() => fixture.close());
	};

	describe(`live log: ${name}`, () => {
		it(
			'knows nothing of a page it never saw',
			withLog(async ({ log }) => {
				expect(log.got('page-1')).toBe(-1);
				expect(await readAll(log)).toEqual([]);
			})
		);

		it(
			'gives back every batch as it came, before and after a reopening',
			withLog(async ({ log, reopen }) => {
				const batches = Array.from({ length: 50 }, (_, seq) => batchOf(seq));
				await Promise.all(batches.map((batch) => log.append(batch)));
				expect(await readAll(log)).toEqual(batches);
				const again = await reopen();
				expect(await readAll(again)).toEqual(batches);
				expect(again.got('page-1')).toBe(49);
				expect(again.damage()).toEqual([]);
			})
		);

		it(
			'counts up to the first hole and reads in order of numbers',
			withLog(async ({ log, reopen }) => {
				for (const seq of [0, 2, 1, 5, 4]) await log.append(batchOf(seq));
				expect(log.got('page-1')).toBe(2);
				expect((await readAll(log)).map(({ seq }) => seq)).toEqual([0, 1, 2, 4, 5]);
				expect((await readAll(log, 'page-1', 2)).map(({ seq }) => seq)).toEqual([2, 4, 5]);
				const again = await reopen();
				await again.append(batchOf(3));
				expect(again.got('page-1')).toBe(5);
			})
		);

		it(
			'keeps the first of two batches with one number, also when they come together',
			withLog(async ({ log, reopen }) => {
				const other = batchOf(0, { receivedAt: 1 });
				await Promise.all([log.append(batchOf(0)), log.append(other)]);
				await log.append(other);
				expect(await readAll(log)).toEqual([batchOf(0)]);
				expect(await readAll(await reopen())).toEqual([batchOf(0)]);
			})
		);

		it(
			'keeps pages apart',
			withLog(async ({ log }) => {
				const foreign = batchOf(0, { pageId: 'page-2', impersonationId: 'imp-2' });
				await Promise.all([log.append(batchOf(0)), log.append(foreign), log.append(batchOf(1))]);
				expect(await readAll(log, 'page-2')).toEqual([foreign]);
				expect(await readAll(log)).toHaveLength(2);
			})
		);

		it(
			'sees what is appended while it reads',
			withLog(async ({ log }) => {
				await log.append(batchOf(0));
				const seen: number[] = [];
				for await (const { seq } of log.read('page-1')) {
					seen.push(seq);
					if (seq < 3) await log.append(batchOf(seq + 1));
				}
				expect(seen).toEqual([0, 1, 2, 3]);
			})
		);

		it(
			'forgets a removed page for good and may take it up anew',
			withLog(async ({ log, reopen }) => {
				const sent = [
					log.append(batchOf(0)),
					log.append(batchOf(1)),
					log.append(batchOf(0, { pageId: 'page-2' }))
				];
				await log.remove('page-1');
				await Promise.all(sent);
				expect(log.got('page-1')).toBe(-1);
				expect(await readAll(log)).toEqual([]);
				const again = await reopen();
				expect(await readAll(again)).toEqual([]);
				expect(again.got('page-2')).toBe(0);
				await again.append(batchOf(0));
				expect(await readAll(again)).toEqual([batchOf(0)]);
			})
		);

		it(
			'keeps a batch of several megabytes whole',
			withLog(async ({ log, reopen }) => {
				const bytes = new Uint8Array(5_000_000).map((_, at) => (at * 2_654_435_761) >>> 13);
				await log.append(batchOf(0, { bytes }));
				await log.append(batchOf(1));
				const [first, second] = await readAll(await reopen());
				expect(Buffer.from(first!.bytes).equals(bytes)).toBe(true);
				expect(second).toEqual(batchOf(1));
			})
		);
	});
}
