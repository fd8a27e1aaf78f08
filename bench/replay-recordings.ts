// A data folder in which ten thousand recordings stand, and two of them can be played: the workload for ten minutes and for eight hours,
// sealed by the product itself.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { MASKING_VERSION } from '#protocol/masking.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { seedWith } from './large/seed-large.ts';
import { RECORDED_PER_CLIENT, recordingFills } from './large/seed-recordings.ts';
import { readEvents } from './workload.ts';

/** Two hundred recordings each. */
const CLIENTS = 50;
/** Sealed that often, so that the live log stays as short as a running session's. */
const SEAL_EVERY_MS = 600_000;
const BATCH_MS = 250;
/** Between two runs of the workload. */
const PAUSE_MS = 250;
/** Somebody who works opens something this often. */
const VIEW_EVERY_S = 12;

/** `long`, `short`: ids of the recordings. */
export type ReplayFolder = { dataDir: string; long: string; short: string };

type Stay = { impersonationId: string; pageId: string; startAt: number };

async function plantStay({ parts }: Composed, minutes: number): Promise<Stay> {
	const [impersonationId, pageId] = [randomUUID(), randomUUID()];
	const [who] = await parts.db.execute<{
		agency: string;
		client: string;
		contact: string;
		staff: string;
	}>(sql`
		SELECT c.agency_id AS agency, c.id AS client, k.id AS contact, s.id AS staff FROM client c
		JOIN contact k ON k.client_id = c.id AND k.is_owner JOIN staff s ON s.agency_id = c.agency_id
		WHERE c.name = 'Bluebird Bakery' AND s.email = 'maya@northwind.test'`);
	if (!who) throw new Error('the demo has no Bluebird Bakery');
	const startAt = Date.now() - 86_400_000;
	const start = sql`to_timestamp(${startAt / 1000}::float8)`;
	const end = sql`${start} + ${minutes}::int * interval '1 minute'`;
	await parts.db.execute(sql`
		INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, state, code_hash,
			code_expires_at, created_at, started_at, expires_at, idle_limit_ms, return_to, ended_at, end_reason, assessed_at)
		VALUES (${impersonationId}, ${who.agency}, ${who.client}, ${who.contact}, ${who.staff}, ${randomUUID()}, 'act', 'support',
			'ended', ${randomBytes(32)}, ${start}, ${start}, ${start}, ${end}, 600000, '/clients', ${end}, 'switch_back', ${end})`);
	await parts.db.execute(sql`
		INSERT INTO page (id, agency_id, impersonation_id, opened_at, address, title, snapshot_at, first_event_at, last_event_at,
			last_beat_at, closed_at, events, bytes, masking, masking_version)
		VALUES (${pageId}, ${who.agency}, ${impersonationId}, ${start}, '/tasks', 'Tasks', ${start}, ${start}, ${end}, ${end}, ${end},
			100, 20000, 'personal', ${MASKING_VERSION}::int)`);
	await parts.db.execute(sql`
		INSERT INTO view (id, agency_id, impersonation_id, page_id, at, kind, address, subject_label, status)
		SELECT gen_random_uuid(), ${who.agency}, ${impersonationId}, ${pageId}, ${start} + n * interval '1 second', 'page',
			'/tasks/' || n, 'Task ' || n, 200 FROM generate_series(1, ${minutes * 60}::int, ${VIEW_EVERY_S}) n`);
	return { impersonationId, pageId, startAt };
}

/** The workload again and again, each time with the picture it begins with, as batches of the page. */
function* batchesOf(startAt: number, minutes: number): Generator<{ at: number; bytes: Uint8Array }> {
	const workload = readEvents();
	const first = workload[0]?.timestamp ?? 0;
	const span = (workload.at(-1)?.timestamp ?? first) - first + PAUSE_MS;
	let group: RecordedEvent[] = [];
	for (let from = 0; ; from += span)
		for (const event of workload) {
			const at = event.timestamp - first + from;
			const [oldest] = group;
			if (oldest && startAt + at - oldest.timestamp >= BATCH_MS) {
				yield { at: group.at(-1)?.timestamp ?? 0, bytes: encodeBatch(group) };
				group = [];
			}
			if (at > minutes * 60_000) return;
			group.push({ ...event, timestamp: startAt + at });
		}
}

async function record(composed: Composed, minutes: number): Promise<string> {
	const { app, parts } = composed;
	const { impersonationId, pageId, startAt } = await plantStay(composed, minutes);
	let seq = 0;
	let sealedAt = startAt;
	for (const { at, bytes } of batchesOf(startAt, minutes)) {
		await parts.liveLog.append({ impersonationId, pageId, seq, receivedAt: at + 20, offsetMs: 0, bytes });
		seq += 1;
		if (at - sealedAt < SEAL_EVERY_MS) continue;
		await app.recordings.seal(pageId);
		sealedAt = at;
	}
	await app.recordings.seal(pageId);
	return impersonationId;
}

/** Minutes of work: each block is packed and encrypted as of any recording. The caller removes the folder. */
export async function makeReplayFolder(): Promise<ReplayFolder> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	try {
		await prepareDemo(composed);
		const [agency] = await composed.parts.db.execute<{ id: string }>(sql`SELECT id FROM agency`);
		await seedWith(composed.database.owner, agency?.id ?? '', {
			scale: { clients: CLIENTS },
			fills: recordingFills,
			each: RECORDED_PER_CLIENT
		});
		const ids = { short: await record(composed, 10), long: await record(composed, 8 * 60) };
		// Else the product would read all of it for its index while it is measured.
		await composed.app.recordings.index();
		return { dataDir, ...ids };
	} finally {
		await composed.app.close();
	}
}
