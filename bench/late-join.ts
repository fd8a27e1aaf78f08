// How long somebody waits who comes late: from asking for a page that has been recorded for an hour to all that shows it now,
// through the whole server (rows, live log, blocks, sealing process, hub). Against being sent the page from its first batch on.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Socket } from 'socket.io-client';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { makeSafe } from '#recorder/format/make-safe.ts';
import type { Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { hashSecret, IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { start, type Running } from '#realtime/main.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { openRecorder, openSocket } from './hub-socket.ts';
import { readEvents } from './workload.ts';

const PORT = 4393;
/** In the hour the workload runs this often more: so both joins see the very same screen, and only the time before it differs. */
const RUNS_BEFORE = { 1: 0, 60: 21 } as const;
const INTO_RUN_MS = 60_000;
/** The last block is full or just begun, which decides how much follows it: joins are spread over the ten seconds of a block. */
const STEPS = 5;
const STEP_MS = 2_000;
const JOINS = 3;
/** As a page that nobody watches sends. */
const BATCH_MS = 250;
/** Between two runs of the workload. */
const PAUSE_MS = 250;

/** `sealed` as the jobs leave it: then its log holds no more than its last block and what follows. */
type Recording = { runs: number; sealed: boolean };
type Recorded = { impersonationId: string; pageId: string; lastSeq: number };
/** A page that is recorded step by step. */
type Page = { readonly reached: Recorded; goOn(): Promise<void> };

/** Maya in the account of a client of the demo, as start and enter leave it. */
async function impersonate({ parts }: Composed): Promise<{ id: string; cookie: string }> {
	const [id, token] = [randomUUID(), randomUUID()];
	const hash = (secret: string) => sql`decode(${hashSecret(secret).toString('hex')}, 'hex')`;
	await parts.db.execute(sql`
		INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, state, code_hash,
			code_expires_at, token_hash, started_at, expires_at, idle_limit_ms, return_to)
		SELECT ${id}, s.agency_id, k.client_id, k.id, s.id, t.id, 'view', 'support', 'active', ${hash(id)}, now(), ${hash(token)},
			now(), now() + interval '50 minutes', 3000000, '/clients'
		FROM staff s JOIN staff_session t ON t.user_id = s.id JOIN contact k ON k.agency_id = s.agency_id AND k.is_owner
		JOIN client c ON c.id = k.client_id AND c.status = 'active'
		WHERE s.email = 'olivia@northwind.test' ORDER BY k.id LIMIT 1`);
	await parts.db.execute(sql`INSERT INTO impersonation_pulse (impersonation_id) VALUES (${id})`);
	return { id, cookie: `${IMPERSONATION_COOKIE}=${token}` };
}

/** The workload again and again from `openedAt` on, as a page that nobody watches sends it. */
function batchesOf(openedAt: number, lengthMs: number): [number, RecordedEvent[]][] {
	const events = makeSafe(readEvents(), { allowedAssets: () => null });
	const first = events[0]?.timestamp ?? 0;
	const groups = new Map<number, RecordedEvent[]>();
	for (let from = 0; from < lengthMs; from += spanOf(events))
		for (const event of events) {
			const at = event.timestamp - first + from;
			if (at >= lengthMs) break;
			const until = openedAt + (Math.floor(at / BATCH_MS) + 1) * BATCH_MS;
			groups.set(until, [...(groups.get(until) ?? []), { ...event, timestamp: openedAt + at }]);
		}
	return [...groups];
}

const spanOf = (events: readonly RecordedEvent[]): number =>
	(events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) + PAUSE_MS;

/** A page with a minute of the workload behind it, and so many whole runs of it before that. */
async function openPage(
	{ parts, app }: Composed,
	impersonationId: string,
	{ runs, sealed }: Recording
): Promise<Page> {
	const pageId = randomUUID();
	const lengthMs = runs * spanOf(readEvents()) + INTO_RUN_MS;
	const openedAt = Date.now() - lengthMs - STEPS * STEP_MS;
	await parts.db.execute(sql`
		INSERT INTO page (id, agency_id, impersonation_id, address, opened_at, snapshot_at, last_beat_at)
		SELECT ${pageId}, agency_id, id, '/tasks', to_timestamp(${openedAt / 1_000}::float8), now(), now()
		FROM impersonation WHERE id = ${impersonationId}`);
	const batches = batchesOf(openedAt, lengthMs + STEPS * STEP_MS);
	let [seq, until] = [0, openedAt + lengthMs];
	const reached = { impersonationId, pageId, lastSeq: -1 };
	const goOn = async (): Promise<void> => {
		for (; (batches[seq]?.[0] ?? Infinity) <= until; seq += 1) {
			const [receivedAt, events] = batches[seq] ?? [0, []];
			const bytes = encodeBatch(events);
			await parts.liveLog.append({ impersonationId, pageId, seq, receivedAt, offsetMs: 0, bytes });
		}
		until += STEP_MS;
		reached.lastSeq = seq - 1;
		if (!sealed) return;
		await app.recordings.seal(pageId);
		// As after an hour of work, and not as after an hour that was written down in seconds: what was seen is in the index.
		while ((await app.recordings.countToIndex()) > 0) {
			await app.recordings.index();
			await delay(50);
		}
	};
	await goOn();
	return { reached, goOn };
}

/** The page is open, so its impersonation goes on; it is asked for nothing but beats. */
async function keepOpen({ composed, config }: Running, page: Recorded, cookie: string): Promise<Socket> {
	const ticket = composed.app.tickets.mint(page.impersonationId as never, page.pageId as never);
	const socket = await openRecorder({ port: PORT, origin: config.portalOrigin, cookie, ticket });
	socket.on('record:snapshot', () => {
		throw new Error('the recorded page was asked for a snapshot');
	});
	return socket;
}

/** From the question to the picture, or to the last batch where none is wanted. */
async function joinOnce(
	running: Running,
	staff: string,
	page: Recorded,
	checkpoint: boolean
): Promise<number> {
	const origin = running.config.agencyOrigin;
	const socket = await openSocket({ port: PORT, namespace: '/watch', origin, cookie: staff });
	try {
		const { impersonationId, pageId, lastSeq } = page;
		const watch = (await socket.emitWithAck('session:watch', { impersonationId })) as { ok: boolean };
		if (!watch.ok) throw new Error(`session:watch was refused: ${JSON.stringify(watch)}`);
		const { promise: shown, resolve } = Promise.withResolvers<void>();
		socket.on('page:checkpoint', () => resolve());
		socket.on('page:batch', ({ seq }: { seq: number }) => {
			if (seq === lastSeq) resolve();
		});
		const from = performance.now();
		socket.emit('page:follow', { impersonationId, pageId, checkpoint }, () => undefined);
		await shown;
		return performance.now() - from;
	} finally {
		socket.disconnect();
	}
}

async function medianJoin(running: Running, staff: string, page: Page, checkpoint: boolean): Promise<number> {
	const times: number[] = [];
	for (let step = 0; step < STEPS; step++) {
		for (let n = 0; n < JOINS; n++) times.push(await joinOnce(running, staff, page.reached, checkpoint));
		await page.goOn();
	}
	return percentile(times, 50);
}

async function measure(running: Running): Promise<Figure[]> {
	const { composed } = running;
	const signedIn = await composed.app.signIn.signInStaff(
		'olivia@northwind.test',
		'switchback-demo',
		'127.0.0.1'
	);
	const staff = signedIn.ok ? signedIn.cookies.map((line) => line.split(';')[0]).join('; ') : '';
	const { id, cookie } = await impersonate(composed);
	const open: Socket[] = [];
	const figures: Figure[] = [];
	for (const [minutes, runs] of Object.entries(RUNS_BEFORE)) {
		const joined = async (sealed: boolean): Promise<number> => {
			const page = await openPage(composed, id, { runs, sealed });
			// Left open: while an hour is made for the next one, an impersonation without a page would be over.
			open.push(await keepOpen(running, page.reached, cookie));
			return medianJoin(running, staff, page, sealed);
		};
		const [ours, baseline] = [await joined(true), await joined(false)];
		figures.push({
			figure: `late-join-minute-${minutes}`,
			unit: 'ms',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: 'the same page sent from its first batch on',
			ratio: rounded(ours / baseline)
		});
	}
	for (const socket of open) socket.disconnect();
	return figures;
}

export async function run(): Promise<Figure[]> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const config = readConfig({ DATA_DIR: dataDir, PORT: String(PORT), LOG_LEVEL: 'error' });
	const noWeb = { handle: null as never, close: () => Promise.resolve() };
	const running = await start(config, {
		prepare: prepareDemo,
		openWeb: () => Promise.resolve(noWeb),
		otherUpgrades: 'destroy'
	});
	try {
		return await measure(running);
	} finally {
		await running.close();
		await rm(dataDir, { recursive: true, force: true });
	}
}
