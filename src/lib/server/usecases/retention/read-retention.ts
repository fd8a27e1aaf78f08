// What the pages of retention show: the days and who differs, what is due next, what was removed, who is held, and what the jobs did.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { actionTitle } from '#domain/actions.ts';
import { JOB_RUNS, type JobRunName } from '#domain/retention.ts';
import type { Db } from '#server/db/types.ts';
import { containing, ms, requireClient, requireReader } from '../agency/require-reader.ts';
import { keptDays } from './kept-days.ts';
import { NOT_HELD, notForReview } from './require-free.ts';

/** `days` null: as the agency. */
export type ClientRule = { id: string; name: string; days: number | null; hold: string | null };
export type Removal = {
	seq: string;
	at: number;
	title: string;
	by: string | null;
	label: string | null;
	reason: string | null;
	hash: string | null;
};
export type JobRun = {
	job: JobRunName;
	text: string;
	startedAt: number | null;
	endedAt: number | null;
	/** Null where it failed or runs, and where other agencies' things are among them. */
	done: number | null;
	failure: string | null;
	nextAt: number | null;
};

export type Retention = {
	installationDays: number;
	days: number | null;
	heldRecordings: number;
	due: { now: number; week: number; month: number };
	clients: ClientRule[];
	found: ClientRule[] | null;
	removals: Removal[];
	jobs: JobRun[];
};

const SHOWN = 50;
const SHOWN_FOUND = 10;
/** More than this is shown as "10 000 or more": a count must not read a year of rows. */
const MAX_COUNTED = 10_000;

const RULES = sql`SELECT c.id, c.name, c.recording_days AS days, h.reason AS hold
	FROM client c LEFT JOIN client_hold h ON h.client_id = c.id`;

async function readDue(db: Db, agencyId: string, installationDays: number): Promise<Retention['due']> {
	const within = async (days: number): Promise<number> => {
		const rows = await db.execute<{ due: number }>(sql`
			SELECT count(*)::int AS due FROM (
				SELECT FROM agency a JOIN client c ON c.agency_id = a.id JOIN impersonation i ON i.client_id = c.id
				WHERE a.id = ${agencyId} AND i.state = 'ended' AND i.erased_at IS NULL AND ${NOT_HELD} AND ${notForReview(keptDays(installationDays))}
					AND i.ended_at < now() - make_interval(days => ${keptDays(installationDays)}) + make_interval(days => ${days}::int)
					AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL)
				LIMIT ${MAX_COUNTED}) AS found`);
		return rows[0]?.due ?? 0;
	};
	return { now: await within(0), week: await within(7), month: await within(30) };
}

type RemovalRow = Pick<Removal, 'seq' | 'at' | 'by'> & { action: string; details: string | null };

function toRemoval({ action, details, ...row }: RemovalRow): Removal {
	const known = JSON.parse(details ?? '{}') as {
		subject?: string;
		reason?: string;
		recordingHash?: string;
		days?: number;
	};
	const reason = known.reason ?? (known.days === undefined ? null : `After ${known.days} days`);
	return {
		...row,
		title: actionTitle(action),
		label: known.subject ?? null,
		reason,
		hash: known.recordingHash ?? null
	};
}

async function readRemovals(db: Db, agencyId: string): Promise<Removal[]> {
	const rows = await db.execute<RemovalRow>(sql`
		SELECT a.seq::text AS seq, ${ms('a.at')} AS at, a.action, d.details, s.name AS by FROM action a
		LEFT JOIN action_details d ON d.seq = a.seq LEFT JOIN staff s ON s.id = a.actor_staff_id
		WHERE a.agency_id = ${agencyId} AND a.action IN ('recording.expired', 'recordings.records_expired', 'recording.erased', 'client.erased')
			AND a.outcome = 'done' ORDER BY a.seq DESC LIMIT ${SHOWN}`);
	return rows.map(toRemoval);
}

type RunRow = Pick<JobRun, 'startedAt' | 'endedAt' | 'done' | 'failure'> & { job: string };

async function readJobs(db: Db, schedule: Schedule): Promise<JobRun[]> {
	const rows = await db.execute<RunRow>(sql`
		SELECT job, ${ms('started_at')} AS "startedAt", ${ms('ended_at')} AS "endedAt", failure,
			CASE WHEN (SELECT count(*) FROM agency) = 1 THEN done END AS done FROM job_run`);
	const byName = new Map(rows.map((row) => [row.job, row]));
	return (Object.keys(JOB_RUNS) as JobRunName[]).map((job) => {
		const run = byName.get(job);
		const every = schedule.find(({ name }) => name === job)?.everyMs ?? null;
		const { startedAt = null, endedAt = null, done = null, failure = null } = run ?? {};
		const nextAt = startedAt === null || every === null ? null : startedAt + every;
		return { job, text: JOB_RUNS[job], startedAt, endedAt, done, failure, nextAt };
	});
}

type Schedule = readonly { name: string; everyMs: number }[];
type Deps = { db: Db; installationDays: number; schedule: Schedule };

/** @throws AppError `not_allowed` without the permission `policy.manage` */
export const readRetention =
	({ db, installationDays, schedule }: Deps) =>
	async (actor: StaffActor, search: string): Promise<Retention> => {
		await requireReader(db, actor, 'policy.manage');
		const { agencyId } = actor;
		const [own] = await db.execute<{ days: number | null; held: number }>(sql`
			SELECT recording_days AS days, (SELECT count(*)::int FROM recording_hold WHERE agency_id = ${agencyId}) AS held
			FROM agency WHERE id = ${agencyId}`);
		const clients = await db.execute<ClientRule>(sql`${RULES} WHERE c.agency_id = ${agencyId}
			AND (c.recording_days IS NOT NULL OR h.client_id IS NOT NULL) ORDER BY lower(c.name), c.id LIMIT ${SHOWN}`);
		const found =
			search === ''
				? null
				: await db.execute<ClientRule>(sql`${RULES} WHERE c.agency_id = ${agencyId} AND c.erased_at IS NULL
					AND c.name ILIKE ${containing(search)} ORDER BY lower(c.name), c.id LIMIT ${SHOWN_FOUND}`);
		return {
			installationDays,
			days: own?.days ?? null,
			heldRecordings: own?.held ?? 0,
			due: await readDue(db, agencyId, installationDays),
			clients: [...clients],
			found: found && [...found],
			removals: await readRemovals(db, agencyId),
			jobs: await readJobs(db, schedule)
		};
	};

export type ClientRetention = ClientRule & {
	agencyDays: number;
	heldBy: string | null;
	heldAt: number | null;
	mayErase: boolean;
};

/** @throws AppError `not_allowed` without the permission `policy.manage`; `not_found` */
export const readClientRetention =
	({ db, installationDays }: Omit<Deps, 'schedule'>) =>
	async (actor: StaffActor, clientId: string): Promise<ClientRetention> => {
		const { permissions } = await requireReader(db, actor, 'policy.manage');
		await requireClient(db, actor, clientId);
		const [row] = await db.execute<Omit<ClientRetention, 'mayErase'>>(sql`
			SELECT c.id, c.name, c.recording_days AS days, h.reason AS hold, s.name AS "heldBy", ${ms('h.held_at')} AS "heldAt",
				COALESCE(a.recording_days, ${installationDays}::int) AS "agencyDays"
			FROM client c JOIN agency a ON a.id = c.agency_id LEFT JOIN client_hold h ON h.client_id = c.id
			LEFT JOIN staff s ON s.id = h.held_by WHERE c.id = ${clientId} AND c.agency_id = ${actor.agencyId}`);
		if (!row) throw new Error('the client vanished');
		return { ...row, mayErase: permissions.has('erase') };
	};
