// What the queue keeps to, wherever it keeps its jobs.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Jobs, JobHandlers } from '#server/jobs/queue.ts';

export type JobsFixture = { open(): Promise<Jobs>; close(): Promise<void> };

type Handled = { name: string; data: unknown };

/** The wanted jobs go to `handle`; all others are taken and forgotten. */
export function handlersOf(
	handle: (job: Handled) => Promise<unknown>,
	wanted: readonly string[] = ['notices.spread']
): JobHandlers {
	return new Proxy({} as JobHandlers, {
		get: (_all, name) => (data: unknown) =>
			// The clock adds jobs of its own, at any moment.
			wanted.includes(String(name)) ? handle({ name: String(name), data }) : Promise.resolve()
	});
}

const job = (n: number) => ({
	name: 'notices.spread' as const,
	data: { seqs: [String(n)] }
});

export function jobsContract(name: string, prepare: () => Promise<JobsFixture>): void {
	const withJobs = (work: (fixture: JobsFixture) => Promise<void>) => async () => {
		const fixture = await prepare();
		await work(fixture).finally(() => fixture.close());
	};

	describe(`jobs: ${name}`, () => {
		it(
			'hands every job with its data to a worker, also in another process, and those added before it came',
			withJobs(async ({ open }) => {
				const [adding, working] = [await open(), await open()];
				await adding.add([job(1), job(2)]);
				const seen: string[] = [];
				await working.work(
					handlersOf(async ({ data }) => seen.push(...((data as { seqs?: string[] }).seqs ?? []))),
					() => undefined
				);
				await adding.add([job(3)]);
				await expect.poll(() => seen.toSorted()).toEqual(['1', '2', '3']);
				await Promise.all([adding.close(), working.close()]);
			})
		);

		it(
			'shows a job that failed all its tries with its reason, and tries it again when asked',
			withJobs(async ({ open }) => {
				const jobs = await open();
				let isBroken = true;
				let done = 0;
				const failures: string[] = [];
				await jobs.work(
					handlersOf(async () => {
						if (isBroken) throw new Error('the reason');
						done += 1;
					}, ['outbox.drain']),
					(failed) => failures.push(failed)
				);
				await jobs.add([{ name: 'outbox.drain', data: {} }]);
				await expect.poll(() => jobs.failed().then((list) => list.length)).toBeGreaterThan(0);
				const [failed] = await jobs.failed();
				expect(failed).toMatchObject({ name: 'outbox.drain', reason: 'the reason', tries: 1 });
				expect(Math.abs(failed!.failedAt - Date.now())).toBeLessThan(10_000);
				expect(failures).toContain('outbox.drain');
				expect((await jobs.counts()).failed).toBeGreaterThan(0);
				isBroken = false;
				for (const { id } of await jobs.failed()) await jobs.retry(id);
				await expect.poll(() => done).toBeGreaterThan(0);
				// The queue writes down that it is done only after its handler has said so.
				await expect.poll(() => jobs.failed()).toEqual([]);
				await expect(jobs.retry(failed!.id)).rejects.toMatchObject({ code: 'not_found' });
				await jobs.close();
			})
		);

		it(
			'lets a running job finish before it closes, and leaves the rest to others',
			withJobs(async ({ open }) => {
				const [first, second] = [await open(), await open()];
				const finished: string[] = [];
				const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
				const slow = handlersOf(async ({ data }) => {
					begin();
					await delay(150);
					finished.push(`slow ${JSON.stringify(data)}`);
				});
				await first.work(slow, () => undefined);
				await first.add([job(1)]);
				await begun;
				const since = Date.now();
				// A backup takes a running job along, and none of the clock's.
				expect(await second.left(since)).toEqual([job(1)]);
				await first.close();
				// It ended while the backup ran: what it did may be missing there.
				expect(await second.left(since)).toEqual([job(1)]);
				expect(await second.left(Date.now() + 1)).toEqual([]);
				expect(finished).toContain('slow {"seqs":["1"]}');
				await second.add([job(2)]);
				await second.work(
					handlersOf(async ({ data }) => finished.push(JSON.stringify(data))),
					() => undefined
				);
				await expect.poll(() => finished).toContain('{"seqs":["2"]}');
				await second.close();
			})
		);
	});
}
