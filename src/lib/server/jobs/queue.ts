// The one queue, over BullMQ on PostgreSQL. Only this room may import bullmq [L5].
import { createPostgresBackend, withBackend, type Job } from 'bullmq';
import { JOBS, SCHEDULES, type JobName, type JobRequest } from './catalogue.ts';

const QUEUE = 'switchback';
/** Its tables' own schema, apart from ours. */
export const JOBS_SCHEMA = 'jobs';
/** Finished jobs are kept this long for an operator's look, failed ones longer. */
const KEEP = {
	removeOnComplete: { age: 3_600, count: 1_000 },
	removeOnFail: { age: 7 * 86_400, count: 5_000 }
};
/** First wait after a failure; doubles with each try. */
const BACKOFF_MS = 2_000;

export type JobHandlers = {
	[N in JobName]: (data: Extract<JobRequest, { name: N }>['data']) => Promise<unknown>;
};

const { Queue, Worker } = withBackend(createPostgresBackend);

/** The application's own database and role, as node-postgres wants it said. */
export type JobsConnection =
	| { host: string; port: number; database: string; user: string }
	| { connectionString: string; options: string };

export type Jobs = {
	/** All or none of them. */
	add(jobs: JobRequest[]): Promise<void>;
	/** Starts handling; call once. */
	work(handlers: JobHandlers, onFailed: (name: string, error: Error) => void): Promise<void>;
	/** Lets running jobs finish, then closes. */
	close(): Promise<void>;
};

/** Opens the queue. `connection` is the application's own database and role. */
export async function openJobs(connection: JobsConnection, onError: (error: Error) => void): Promise<Jobs> {
	const options = { connection: { ...connection, schema: JOBS_SCHEMA } };
	const queue = new Queue(QUEUE, options);
	queue.on('error', onError);
	await queue.waitUntilReady();
	let stopWorking: (() => Promise<void>) | null = null;
	const handle = (handlers: JobHandlers) => async (job: Job) => {
		const name = job.name as JobName;
		// A job that an older release left behind is data like any other: checked before it is believed.
		const data = JOBS[name].data.parse(job.data);
		await handlers[name](data as never);
	};
	return {
		async add(jobs) {
			const backoff = { type: 'exponential', delay: BACKOFF_MS };
			await queue.addBulk(
				jobs.map(({ name, data }) => ({
					name,
					data,
					opts: { ...KEEP, attempts: JOBS[name].attempts, backoff }
				}))
			);
		},
		async work(handlers, onFailed) {
			const worker = new Worker(QUEUE, handle(handlers), { ...options, concurrency: 4 });
			stopWorking = () => worker.close();
			worker.on('error', onError);
			worker.on('failed', (job, error) => onFailed(job?.name ?? 'unknown', error));
			for (const { name, everyMs } of SCHEDULES)
				await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: KEEP });
		},
		async close() {
			await stopWorking?.();
			await queue.close();
		}
	};
}
