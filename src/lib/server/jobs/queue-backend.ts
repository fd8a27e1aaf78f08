// BullMQ on PostgreSQL or on Redis: the same library, told where to keep its jobs. Only this room may import bullmq [L5].
import {
	createPostgresBackend,
	Queue as RedisQueue,
	withBackend,
	Worker as RedisWorker,
	type Processor
} from 'bullmq';
import { createClient } from 'redis';

const QUEUE = 'switchback';
/** Its tables' own schema, apart from ours. */
export const JOBS_SCHEMA = 'jobs';
/** Its keys in Redis begin so. */
const PREFIX = 'switchback:jobs';

/** Jobs that run at once in one process: most of them wait for the database. */
const CONCURRENCY = 4;

const MAX_RETRY_MS = 2_000;

/** Where jobs are kept: the application's own database and role, as node-postgres wants it said, or a Redis. */
export type JobsConnection =
	| { host: string; port: number; database: string; user: string }
	| { connectionString: string; options: string }
	| { redisUrl: string };

/** What both kinds of queue can do; their classes differ only in where they keep it. */
export type QueueBackend = {
	queue: RedisQueue;
	makeWorker(handle: Processor): RedisWorker;
	close(): Promise<void>;
};

export const openQueueBackend = (
	connection: JobsConnection,
	onError: (error: Error) => void
): Promise<QueueBackend> =>
	'redisUrl' in connection ? onRedis(connection.redisUrl, onError) : onPostgres(connection, onError);

async function onPostgres(
	connection: Exclude<JobsConnection, { redisUrl: string }>,
	onError: (error: Error) => void
): Promise<QueueBackend> {
	const { Queue, Worker } = withBackend(createPostgresBackend);
	const options = { connection: { ...connection, schema: JOBS_SCHEMA } };
	const queue = new Queue(QUEUE, options);
	queue.on('error', onError);
	await queue.waitUntilReady();
	return {
		queue: queue as unknown as RedisQueue,
		makeWorker: (handle) =>
			new Worker(QUEUE, handle, { ...options, concurrency: CONCURRENCY }) as unknown as RedisWorker,
		close: () => queue.close()
	};
}

/** @param failsFast a queue must refuse what it cannot keep: the outbox holds it and tries again; a worker just waits */
async function openClient(url: string, failsFast: boolean, onError: (error: Error) => void) {
	const client = createClient({
		url,
		disableOfflineQueue: failsFast,
		socket: { reconnectStrategy: (retries) => Math.min(250 * (retries + 1), MAX_RETRY_MS) }
	});
	client.on('error', onError);
	rememberScripts(client);
	await client.connect();
	return client;
}

type ScriptClient = {
	scriptLoad(text: string): Promise<unknown>;
	on(event: 'ready', listener: () => void): unknown;
};

/**
 * The library adds jobs in a transaction that names its scripts by hash, and loads them once only: a Redis that was started
 * anew knows none of them and would refuse every job for ever. So they are loaded again whenever the connection is made.
 */
function rememberScripts(client: ScriptClient): void {
	const texts = new Set<string>();
	const load = client.scriptLoad.bind(client);
	const scriptLoad = (text: string) => {
		texts.add(text);
		return load(text);
	};
	Object.assign(client, { scriptLoad });
	client.on('ready', () => {
		// One that fails means that the connection is gone again, and then it is loaded after the next.
		for (const text of texts) load(text).catch(() => undefined);
	});
}

async function onRedis(url: string, onError: (error: Error) => void): Promise<QueueBackend> {
	const adding = await openClient(url, true, onError);
	const taking = await openClient(url, false, onError);
	const queue = new RedisQueue(QUEUE, { connection: adding, prefix: PREFIX });
	queue.on('error', onError);
	await queue.waitUntilReady();
	return {
		queue,
		makeWorker: (handle) =>
			new RedisWorker(QUEUE, handle, { connection: taking, prefix: PREFIX, concurrency: CONCURRENCY }),
		async close() {
			await queue.close();
			// Given to the library, so not closed by it.
			for (const client of [adding, taking]) if (client.isOpen) client.destroy();
		}
	};
}
