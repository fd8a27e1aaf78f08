// The process as an operator meets it: killed in the middle, stopped, misconfigured, started by an old Node.
import { setTimeout as delay } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { createLogger } from '#server/logger.ts';
import { DemoProcess, runCommand, type Outcome } from '#support/demo-process.ts';
import { closeSockets, type RecorderClient, snapshot, typed, until } from '#support/hub-client.ts';
import type { Answer } from '#support/http-person.ts';
import { connectRecorder, goInside, portalOf, query as queryOf, type Inside } from '#support/inside-demo.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { readAllBatches } from '#support/read-recorded.ts';

const KILLS = 5;
const BATCHES_BETWEEN = 40;
const TASKS_BETWEEN = 4;
/** What is under way when the process dies must be several things, not one. */
const IN_FLIGHT = 4;

let demo: DemoProcess;

const portal = () => portalOf(demo);

const query = (text: string) => queryOf(demo, text);

const titleOf = (number: number) => `Task number ${number}`;
const textOf = (seq: number) => `batch ${seq} ${'x'.repeat(seq % 700)}`;

/** What this page was told is kept. */
class Told {
	got = -1;
	readonly tasks: string[] = [];
	nextTask = 0;
}

/** Sends batch after batch, several under way, and notes each acknowledged one, until the connection is gone. */
async function sendBatches(recorder: RecorderClient, told: Told): Promise<void> {
	let next = (recorder.readies[0]?.got ?? -1) + 1;
	const lane = async (): Promise<void> => {
		while (recorder.disconnected === null) {
			const seq = next;
			next += 1;
			const events = seq === 0 ? snapshot() : [typed(textOf(seq))];
			const reply = await recorder.append(seq, events).catch(() => null);
			if (!reply?.ok) return;
			told.got = Math.max(told.got, reply.got);
		}
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function createTasks({ person, ticket }: Inside, told: Told, isOver: () => boolean): Promise<void> {
	while (!isOver()) {
		const title = titleOf(told.nextTask);
		told.nextTask += 1;
		const answer: Answer | null = await person
			.ask(`${portal()}/tasks/new?/create`, { form: { title }, headers: { 'x-switchback-page': ticket } })
			.catch(() => null);
		if (answer?.status === 303) told.tasks.push(title);
		// Refused while the lease is renewed after a start: nothing was promised.
		else await delay(20);
	}
}

async function workUntilKilled(inside: Inside, told: Told): Promise<void> {
	const recorder = await connectRecorder(demo, inside);
	// Nothing acknowledged may have gone with the process before.
	expect(recorder.readies[0]?.got).toBeGreaterThanOrEqual(told.got);
	const [gotBefore, tasksBefore] = [told.got, told.tasks.length];
	let isKilled = false;
	const work = Promise.all([sendBatches(recorder, told), createTasks(inside, told, () => isKilled)]);
	const enough = () =>
		told.got >= gotBefore + BATCHES_BETWEEN && told.tasks.length >= tasksBefore + TASKS_BETWEEN;
	await until(enough, `${BATCHES_BETWEEN} batches and ${TASKS_BETWEEN} tasks`, 45_000);
	const outcome = await demo.end('SIGKILL');
	expect(outcome.signal).toBe('SIGKILL');
	isKilled = true;
	closeSockets();
	await work;
}

/** All that is kept of the page, as the player gets it: sealed while it went on, and what is not sealed yet. */
async function readStored({ pageId }: Inside): Promise<{ seq: number; text: string }[]> {
	const [[impersonationId = ''] = []] = await query(
		`SELECT impersonation_id FROM page WHERE id = '${pageId}'`
	);
	const { app } = await compose(readConfig(demo.env), createLogger('silent'));
	try {
		const signedIn = await app.signIn.signInStaff('sofia@northwind.test', DEMO_PASSWORD, '127.0.0.1');
		const cookies = signedIn.ok ? signedIn.cookies.map((line) => line.split(';')[0]).join('; ') : '';
		const session = await app.signIn.staffSession(cookies);
		const reviewer = session && (await app.signIn.readStaffContext(session));
		if (!reviewer) throw new Error('the reviewer could not sign in');
		// It still runs: shown to whoever watches it only.
		await query(`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id) SELECT gen_random_uuid(), agency_id, '${impersonationId}', id,
			COALESCE((SELECT id FROM hub LIMIT 1), gen_random_uuid()) FROM staff WHERE id = '${reviewer.actor.staffId}'`);
		await app.recordings.openReplay(reviewer.actor, { impersonationId, origin: NO_ORIGIN });
		const batches = await readAllBatches(app.recordings, reviewer.actor, { impersonationId, pageId });
		return batches.map(({ seq, bytes }) => {
			const events = JSON.parse(Buffer.from(bytes).toString()) as { data: { text?: string } }[];
			return { seq, text: events.at(-1)?.data.text ?? '' };
		});
	} finally {
		await app.close();
	}
}

describe('kill -9, five times in the middle of work', () => {
	const told = new Told();
	let inside: Inside;
	let stop: Outcome & { tookMs: number };
	let stored: { seq: number; text: string }[];

	beforeAll(async () => {
		demo = await DemoProcess.create();
		await demo.start();
		inside = await goInside(demo);
		for (let kill = 0; kill < KILLS; kill += 1) {
			await workUntilKilled(inside, told);
			await demo.start();
		}
	}, 400_000);

	afterAll(() => demo.remove());

	it('keeps every acknowledged task, and none twice', async () => {
		const rows = await query(
			"SELECT title, count(*) FROM task WHERE title LIKE 'Task number %' GROUP BY title"
		);
		expect(rows.filter(([, count]) => count !== '1')).toEqual([]);
		const titles = new Set(rows.map(([title]) => title));
		expect(told.tasks.length).toBeGreaterThanOrEqual(KILLS * TASKS_BETWEEN);
		expect(told.tasks.filter((title) => !titles.has(title))).toEqual([]);
	});

	it('has a logged row for each of these tasks, and a whole chain', async () => {
		const [unlogged] = await query(`SELECT count(*) FROM task t WHERE t.title LIKE 'Task number %' AND
			NOT EXISTS (SELECT FROM action a WHERE a.action = 'task.created' AND a.outcome = 'done' AND a.subject_id = t.id)`);
		expect(unlogged).toEqual(['0']);
		const { code, stdout } = await runCommand(['verify-log'], demo.env);
		expect(stdout.trim().split('\n').at(-1)).toMatch(/^chain whole to row [1-9]\d*$/);
		expect(code).toBe(0);
	});

	it('goes on recording the same page, and SIGTERM then ends it within ten seconds with exit 0', async () => {
		const recorder = await connectRecorder(demo, inside);
		const seq = (recorder.readies[0]?.got ?? -1) + 1;
		const reply = await recorder.append(seq, [typed(textOf(seq))]);
		expect(reply).toEqual({ ok: true, got: seq });
		told.got = seq;
		stop = await demo.end('SIGTERM');
		closeSockets();
		expect(stop.code).toBe(0);
		expect(stop.tookMs).toBeLessThan(10_000);
	});

	it('holds every acknowledged batch once, in order, with what was sent', async () => {
		stored = await readStored(inside);
		expect(told.got).toBeGreaterThanOrEqual(KILLS * BATCHES_BETWEEN);
		expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: told.got + 1 }, (_, seq) => seq));
		expect(stored.slice(1).filter(({ seq, text }) => text !== textOf(seq))).toEqual([]);
	});
});

describe('a start that cannot be', () => {
	afterEach(() => closeSockets());

	it('lists every fault of the settings by name, without values, and exits 1', async () => {
		const faults = {
			PORT: 'eighty',
			REDIS_URL: 'http://redis-value.example',
			LOG_LEVEL: 'loud',
			SMTP_URL: 'ftp://x'
		};
		for (const word of ['demo', 'start']) {
			const { code, stderr } = await runCommand([word], faults);
			expect(code).toBe(1);
			for (const [name, value] of Object.entries(faults)) {
				expect(stderr).toContain(name);
				expect(stderr).not.toContain(value);
			}
			expect(stderr).not.toContain('    at ');
		}
	});

	it('tells an old Node so in one line', async () => {
		// The system's own where it is old, else this one that says it is: no other can be counted on.
		const system = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout ?? '';
		const isOld = /^v(1\d|20|21)\./.test(system);
		const pretend =
			'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.0"}})';
		const { code, stdout, stderr } = isOld
			? await runCommand(['demo'], {}, '/usr/bin/node')
			: await runCommand(['demo'], { NODE_OPTIONS: `--import=${pretend}` });
		expect(code).toBe(1);
		expect(stdout).toBe('');
		expect(stderr.trim().split('\n')).toHaveLength(1);
		expect(stderr).toMatch(/needs Node 22\.18 or newer; this is (1\d|20|21)\./);
	});
});
