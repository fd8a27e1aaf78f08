// The one queue: adding jobs, handling them, and what an operator may ask about those that failed.
import type { Job, JobType } from 'bullmq';
import { AppError } from '#domain/errors.ts';
import { JOBS, SCHEDULES, type JobName, type JobRequest } from './catalogue.ts';
import { openQueueBackend, type JobsConnection } from './queue-backend.ts';

/** Finished jobs are kept this long for an operator's look, failed ones longer. */
const KEEP = {
	removeOnComplete: { age: 3_600, count: 1_000 },
	removeOnFail: { age: 7 * 86_400, count: 5_000 }
};
/** First wait after a failure; doubles with each try. */
const BACKOFF_MS = 2_000;
/** As many failed ones as anybody reads. */
const SHOWN_FAILED = 200;

export type JobHandlers = {
	[N in JobName]: (data: Extract<JobRequest, { name: N }>['data']) => Promise<unknown>;
};

/** A job that failed all its tries and stays until somebody looks. */
export type FailedJob = { id: string; name: string; reason: string; tries: number; failedAt: number };

export type JobCounts = Record<'waiting' | 'active' | 'delayed' | 'failed', number>;

export type Jobs = {
	/** All or none of them. */
	add(jobs: JobRequest[]): Promise<void>;
	/** Starts handling; call once. */
	work(handlers: JobHandlers, onFailed: (name: string, error: Error) => void): Promise<void>;
	/** The newest first. */
	failed(): Promise<FailedJob[]>;
	/** Tries a failed job once more. @throws AppError `not_found` when no failed job has this id */
	retry(id: string): Promise<void>;
	counts(): Promise<JobCounts>;
	/** Jobs that are not done, and those done since a moment, without the clock's own: what a backup takes along. */
	left(doneSince: number): Promise<JobRequest[]>;
	/** Lets running jobs finish, then closes. */
	close(): Promise<void>;
};

const asFailed = ({ id, name, failedReason, attemptsMade, finishedOn }: Job): FailedJob => ({
	id: id ?? '',
	name,
	reason: failedReason ?? '',
	tries: attemptsMade,
	failedAt: finishedOn ?? 0
});

const NOT_DONE: JobType[] = ['waiting', 'active', 'delayed', 'prioritized', 'failed'];

/** Jobs of the clock come again by themselves. */
const BY_THE_CLOCK = new Set<string>(SCHEDULES.map(({ name }) => name));

function asRequest({ name, data }: Job): JobRequest[] {
	const known = name in JOBS ? JOBS[name as JobName].data.safeParse(data) : null;
	return known?.success && !BY_THE_CLOCK.has(name) ? [{ name, data: known.data } as JobRequest] : [];
}

const handle = (handlers: JobHandlers) => async (job: Job) => {
	const name = job.name as JobName;
	// A job that an older release left behind is data like any other: checked before it is believed.
	const data = JOBS[name].data.parse(job.data);
	await handlers[name](data as never);
};

const optionsOf = (name: JobName) => ({
	...KEEP,
	attempts: JOBS[name].attempts,
	backoff: { type: 'exponential', delay: BACKOFF_MS }
});

/** Opens the queue where the connection says. */
export async function openJobs(connection: JobsConnection, onError: (error: Error) => void): Promise<Jobs> {
	const backend = await openQueueBackend(connection, onError);
	const { queue } = backend;
	let stopWorking: (() => Promise<void>) | null = null;
	return {
		async add(jobs) {
			await queue.addBulk(jobs.map(({ name, data }) => ({ name, data, opts: optionsOf(name) })));
		},
		async work(handlers, onFailed) {
			const worker = backend.makeWorker(handle(handlers));
			stopWorking = () => worker.close();
			worker.on('error', onError);
			worker.on('failed', (job, error) => onFailed(job?.name ?? 'unknown', error));
			for (const { name, everyMs } of SCHEDULES)
				await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: optionsOf(name) });
		},
		async failed() {
			const jobs = (await queue.getFailed(0, SHOWN_FAILED - 1)) as (Job | undefined)[];
			// Between the list and the look one may have been retried and be gone.
			const found = jobs.flatMap((job) => (job ? [asFailed(job)] : []));
			return found.toSorted((a, b) => b.failedAt - a.failedAt);
		},
		async retry(id) {
			const job = (await queue.getJob(id)) as Job | undefined;
			if (!job || !(await job.isFailed()))
				throw new AppError('not_found', `No failed job has the id ${id}. List them: npm run jobs`);
			await job.retry('failed');
		},
		async counts() {
			const found = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
			const of = (state: keyof JobCounts): number => found[state] ?? 0;
			return { waiting: of('waiting'), active: of('active'), delayed: of('delayed'), failed: of('failed') };
		},
		async left(doneSince) {
			const open = (await queue.getJobs(NOT_DONE)) as (Job | undefined)[];
			const done = (await queue.getJobs(['completed'])) as (Job | undefined)[];
			const late = done.filter((job) => (job?.finishedOn ?? 0) >= doneSince);
			// One that ended between the two questions is in both answers.
			const byId = new Map([...open, ...late].map((job) => [job?.id, job]));
			return [...byId.values()].flatMap((job) => (job ? asRequest(job) : []));
		},
		async close() {
			await stopWorking?.();
			await backend.close();
		}
	};
}
