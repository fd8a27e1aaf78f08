// How long somebody waits who comes late: from asking for a page that has been recorded for an hour to all that shows it now,
// through the whole server (rows, live log, blocks, sealing process, hub). Against being sent the page from its first batch on.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '#protocol/limits.ts';
import { encodeBatch } from '#recorder/format/events.ts';
import { makeSafe } from '#recorder/format/make-safe.ts';
import type { Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { hashSecret, IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { start, type Running } from '#realtime/main.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { readEvents } from './workload.ts';

const PORT = 4393;
/** In the hour the workload runs this often more: so both joins see the very same screen, and only the time before it differs. */
const RUNS_BEFORE = { 1: 0, 60: 21 } as const;
const INTO_RUN_MS = 60_000;
const JOINS = 15;
/** As a page that nobody watches sends. */
const BATCH_MS = 250;
/** Between two runs of the workload. */
const PAUSE_MS = 250;

/** `sealed` as the jobs leave it: then its log holds no more than its last block and what follows. */
type Recording = { runs: number; sealed: boolean };
type Recorded = { impersonationId: string; pageId: string; lastSeq: number };

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

/** A page with a minute of the workload behind it, and so many whole runs of it before that. */
async function record(
	{ parts, app }: Composed,
	impersonationId: string,
	{ runs, sealed }: Recording
): Promise<Recorded> {
	const pageId = randomUUID();
	const events = makeSafe(readEvents(), { allowedAssets: () => null });
	const first = events[0]?.timestamp ?? 0;
	const span = (events.at(-1)?.timestamp ?? first) - first + PAUSE_MS;
	const lengthMs = runs * span + INTO_RUN_MS;
	const openedAt = Date.now() - lengthMs;
	await parts.db.execute(sql`
		INSERT INTO page (id, agency_id, impersonation_id, address, opened_at, snapshot_at, last_beat_at)
		SELECT ${pageId}, agency_id, id, '/tasks', to_timestamp(${openedAt / 1_000}::float8), now(), now()
		FROM impersonation WHERE id = ${impersonationId}`);
	const groups = new Map<number, typeof events>();
	for (let from = 0; from < lengthMs; from += span)
		for (const event of events) {
			const at = event.timestamp - first + from;
			if (at >= lengthMs) break;
			const group = Math.floor(at / BATCH_MS);
			const timestamp = openedAt + at;
			groups.set(group, [...(groups.get(group) ?? []), { ...event, timestamp }]);
		}
	let seq = -1;
	for (const [group, batch] of groups) {
		seq++;
		const receivedAt = openedAt + (group + 1) * BATCH_MS;
		const bytes = encodeBatch(batch);
		await parts.liveLog.append({ impersonationId, pageId, seq, receivedAt, offsetMs: 0, bytes });
	}
	if (sealed) await app.recordings.seal(pageId);
	return { impersonationId, pageId, lastSeq: seq };
}

async function connect(namespace: string, origin: string, cookie: string, auth: object): Promise<Socket> {
	const socket = io(`http://127.0.0.1:${PORT}${namespace}`, {
		path: '/hub',
		transports: ['websocket'],
		multiplex: false,
		reconnection: false,
		auth: { version: PROTOCOL_VERSION, ...auth },
		extraHeaders: { origin, host: new URL(origin).host, cookie }
	});
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('connect_error', reject);
	});
	return socket;
}

/** The page is open, so its impersonation goes on; it is asked for nothing but beats. */
async function keepOpen({ composed, config }: Running, page: Recorded, cookie: string): Promise<Socket> {
	const ticket = composed.app.tickets.mint(page.impersonationId as never, page.pageId as never);
	const socket = await connect('/record', config.portalOrigin, cookie, { ticket });
	socket.on('beat:ask', (answer: (beat: object) => void) => answer({ wall: Date.now() }));
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
	const socket = await connect('/watch', running.config.agencyOrigin, staff, {});
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

async function medianJoin(
	running: Running,
	staff: string,
	page: Recorded,
	checkpoint: boolean
): Promise<number> {
	const times: number[] = [];
	for (let n = 0; n < JOINS; n++) times.push(await joinOnce(running, staff, page, checkpoint));
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
			const page = await record(composed, id, { runs, sealed });
			// Left open: while an hour is made for the next one, an impersonation without a page would be over.
			open.push(await keepOpen(running, page, cookie));
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
