// npm run jobs: what waits, and every job that failed all its tries with its reason. `-- retry ID` tries one once more,
// `-- retry all` each of them.
import { readConfig } from '#server/config.ts';
import { jobsConnection } from '#server/compose.ts';
import { openDatabase } from '#server/db/open-database.ts';
import { openJobs, type FailedJob, type Jobs } from '#server/jobs/queue.ts';
import { commandFolder } from './command-folder.ts';
import { plain } from './plain.ts';

const REASON_CHARS = 300;

/** What a client wrote may stand in a reason. */
const short = (reason: string): string => plain(reason).slice(0, REASON_CHARS);

const line = ({ id, name, reason, tries, failedAt }: FailedJob): string =>
	`  ${id}  ${name}  ${new Date(failedAt).toISOString()}  after ${tries} ${tries === 1 ? 'try' : 'tries'}: ${short(reason)}`;

/** The whole page an operator reads. */
async function show(jobs: Pick<Jobs, 'counts' | 'failed'>): Promise<string> {
	const { waiting, active, delayed, failed } = await jobs.counts();
	const list = await jobs.failed();
	const head = `${waiting} waiting, ${active} running, ${delayed} for later, ${failed} failed`;
	if (list.length === 0) return head;
	return [head, ...list.map(line), 'Try one once more: npm run jobs -- retry ID (or all)'].join('\n');
}

async function retry(jobs: Jobs, which: string): Promise<string> {
	const ids = which === 'all' ? (await jobs.failed()).map(({ id }) => id) : [which];
	for (const id of ids) await jobs.retry(id);
	return `${ids.length} ${ids.length === 1 ? 'job waits' : 'jobs wait'} to be tried again.`;
}

export default async function jobsCommand(argv: readonly string[]): Promise<void> {
	const [verb, which] = argv.filter((word) => word !== '--demo');
	if (verb !== undefined && (verb !== 'retry' || which === undefined)) {
		process.stderr.write('Say: npm run jobs, or npm run jobs -- retry ID (or all)\n');
		process.exitCode = 1;
		return;
	}
	const config = commandFolder(readConfig(), argv);
	const database = await openDatabase(config);
	try {
		const jobs = await openJobs(jobsConnection(config, database), () => undefined);
		const text = await (which === undefined ? show(jobs) : retry(jobs, which)).finally(() => jobs.close());
		process.stdout.write(`${text}\n`);
	} finally {
		await database.close();
	}
}
