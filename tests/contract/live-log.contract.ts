// What every live log keeps to, whatever it is made of. `reopen` closes it and opens it on the same data.
import { describe, expect, it } from 'vitest';
import { isAppError } from '#domain/errors.ts';
import type { LiveLog, LoggedPage, StoredBatch } from '#server/ports/live-log.ts';

export type LiveLogFixture = {
	log: LiveLog;
	reopen(): Promise<LiveLog>;
	/** A second process on the same data; absent where only one may have it open. */
	other?(): Promise<LiveLog>;
	close(): Promise<void>;
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'done',
		(error: unknown) => (isAppError(error) ? error.code : String(error))
	);

async function pagesOf(log: LiveLog): Promise<LoggedPage[]> {
	const pages: LoggedPage[] = [];
	for await (const page of log.pages()) pages.push(page);
	return pages.toSorted((a, b) => (a.pageId < b.pageId ? -1 : 1));
}

async function appendAll(log: LiveLog, count: number, from = 0): Promise<void> {
	for (let seq = from; seq < from + count; seq += 1) await log.append(batchOf(seq));
}

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

async function readFollowed(log: LiveLog, pageId: string, from: number, signal: AbortSignal) {
	const seen: number[] = [];
	for await (const { seq } of log.follow(pageId, from, signal)) seen.push(seq);
	return seen;
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
				expect(await again.reached('page-1')).toBe(49);
				expect(again.damage()).toEqual([]);
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
				expect(await again.reached('page-2')).toBe(0);
				await again.append(batchOf(0));
				expect(await readAll(again)).toEqual([batchOf(0)]);
			})
		);

		it(
			'tells the number of a page as soon as it is claimed',
			withLog(async ({ log, reopen }) => {
				await appendAll(log, 3);
				const again = await reopen();
				await again.claim('page-1');
				expect(again.got('page-1')).toBe(2);
				expect(await again.reached('page-1')).toBe(2);
				await again.claim('page-9');
				expect(again.got('page-9')).toBe(-1);
				expect(await again.reached('page-9')).toBe(-1);
			})
		);

		it(
			'lets sealed batches go, counts on and never takes them again, before and after a reopening',
			withLog(async ({ log, reopen }) => {
				await appendAll(log, 6);
				await log.trim('page-1', 3);
				await log.trim('page-1', 3);
				await log.trim('page-1', 1);
				await log.append(batchOf(2));
				for (const open of [() => Promise.resolve(log), reopen]) {
					const each = await open();
					await each.claim('page-1');
					expect(each.got('page-1')).toBe(5);
					expect((await readAll(each)).map(({ seq }) => seq)).toEqual([4, 5]);
				}
			})
		);

		it(
			'knows the number of a page of which all is sealed, and lists only pages with something left',
			withLog(async ({ log, reopen }) => {
				await appendAll(log, 3);
				await log.append(batchOf(0, { pageId: 'page-2', impersonationId: 'imp-2' }));
				const left = { pageId: 'page-2', impersonationId: 'imp-2', got: 0 };
				expect(await pagesOf(log)).toEqual([{ pageId: 'page-1', impersonationId: 'imp-1', got: 2 }, left]);
				await log.trim('page-1', 99);
				expect(await pagesOf(log)).toEqual([left]);
				const again = await reopen();
				expect(await pagesOf(again)).toEqual([left]);
				await again.append(batchOf(1));
				await again.append(batchOf(3));
				expect(again.got('page-1')).toBe(3);
				expect((await readAll(again)).map(({ seq }) => seq)).toEqual([3]);
			})
		);

		it(
			'goes on behind numbers that it was told of, as of a restored page',
			withLog(async ({ log, reopen }) => {
				await log.seed({ pageId: 'page-1', impersonationId: 'imp-1', upToSeq: 4 });
				await log.append(batchOf(5));
				await log.append(batchOf(3));
				const again = await reopen();
				expect(await again.reached('page-1')).toBe(5);
				expect((await readAll(again)).map(({ seq }) => seq)).toEqual([5]);
				expect(await pagesOf(again)).toEqual([{ pageId: 'page-1', impersonationId: 'imp-1', got: 5 }]);
				// Also a page that lost its end here, while its blocks were kept.
				await again.seed({ pageId: 'page-1', impersonationId: 'imp-1', upToSeq: 8 });
				await again.claim('page-1');
				expect(again.got('page-1')).toBe(8);
				await again.append(batchOf(9));
				expect((await readAll(again)).at(-1)?.seq).toBe(9);
			})
		);

		it(
			'shows a follower what is there and what comes, in order, until told to stop',
			withLog(async ({ log }) => {
				await appendAll(log, 3);
				const stop = new AbortController();
				const seen: number[] = [];
				const following = (async () => {
					for await (const { seq } of log.follow('page-1', 1, stop.signal)) {
						seen.push(seq);
						if (seq === 7) stop.abort();
					}
				})();
				await appendAll(log, 5, 3);
				await following;
				expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
			})
		);

		it(
			'ends a follower that waits, and tells one that it comes too late for what is sealed',
			withLog(async ({ log }) => {
				const stop = new AbortController();
				const waiting = readFollowed(log, 'page-1', 0, stop.signal);
				stop.abort();
				expect(await waiting).toEqual([]);
				await appendAll(log, 3);
				await log.trim('page-1', 1);
				const late = readFollowed(log, 'page-1', 0, new AbortController().signal);
				expect(await codeOf(late)).toBe('not_found');
			})
		);

		it(
			'belongs to the process that claimed the page last; the one before is refused and can claim it back',
			withLog(async ({ log, other }) => {
				const second = await other?.();
				// Where one process alone may have the log open, claiming is for the asking.
				const first = await log.claim('page-1');
				if (!second) return;
				await appendAll(log, 3);
				const later = await second.claim('page-1');
				expect(later).toBeGreaterThan(first);
				expect(await second.claim('page-1')).toBe(later);
				expect(second.got('page-1')).toBe(2);
				await second.append(batchOf(3));
				expect(await codeOf(log.append(batchOf(4)))).toBe('conflict');
				expect(await codeOf(log.append(batchOf(4)))).toBe('conflict');
				await second.append(batchOf(4));
				await log.claim('page-1');
				expect(log.got('page-1')).toBe(4);
				await log.append(batchOf(5));
				expect(await codeOf(second.append(batchOf(5)))).toBe('conflict');
				expect((await readAll(second)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
				log.release('page-1');
				expect(await log.reached('page-1')).toBe(5);
			})
		);

		it(
			'keeps what is under way when the page is claimed again by its owner',
			withLog(async ({ log }) => {
				await log.claim('page-1');
				await Promise.all([log.append(batchOf(0)), log.claim('page-1'), log.append(batchOf(1))]);
				await log.claim('page-1');
				await log.append(batchOf(2));
				expect(log.got('page-1')).toBe(2);
			})
		);

		it(
			'lets another process read, follow and trim a page that it does not own',
			withLog(async ({ log, other }) => {
				const watcher = (await other?.()) ?? log;
				await appendAll(log, 2);
				const stop = new AbortController();
				const seen: number[] = [];
				const following = (async () => {
					for await (const { seq } of watcher.follow('page-1', 0, stop.signal)) {
						seen.push(seq);
						if (seq === 5) break;
					}
				})();
				await appendAll(log, 4, 2);
				await following;
				expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
				await watcher.trim('page-1', 4);
				await log.append(batchOf(6));
				expect((await readAll(watcher)).map(({ seq }) => seq)).toEqual([5, 6]);
				expect(await watcher.reached('page-1')).toBe(6);
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
