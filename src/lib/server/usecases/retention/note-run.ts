// When a job of housekeeping ran last and what became of it, for the people whose data it removes. One row a job.
import { sql } from 'drizzle-orm';
import type { JobRunName } from '#domain/retention.ts';
import type { Db } from '#server/db/types.ts';

/** Long enough to say what is wrong; the log of the process has the rest. */
const MAX_FAILURE = 300;

/** Runs a job and notes it. A note that cannot be written stops nothing. */
export const noteRun =
	({ db }: { db: Db }) =>
	async (job: JobRunName, work: () => Promise<number | void>): Promise<void> => {
		const end = (done: number | null, failure: string | null) =>
			db.execute(
				sql`UPDATE job_run SET ended_at = clock_timestamp(), done = ${done}, failure = ${failure} WHERE job = ${job}`
			);
		await db.execute(sql`
			INSERT INTO job_run (job, started_at) VALUES (${job}, clock_timestamp())
			ON CONFLICT (job) DO UPDATE SET started_at = clock_timestamp(), ended_at = NULL, done = NULL, failure = NULL`);
		try {
			const done = await work();
			// Some give back what a library gave them, whatever their type says.
			await end(typeof done === 'number' ? done : null, null);
		} catch (error) {
			await end(null, (error instanceof Error ? error.message : 'It failed.').slice(0, MAX_FAILURE));
			throw error;
		}
	};
