// Recordings of one agency, newest first, with what a reviewer chooses by: who, when, how long, what was done, what it asks for.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { REASONS, type Mode, type Reason } from '#domain/modes-and-reasons.ts';
import type { Verdict } from '#domain/review.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { NOT_HELD } from '../retention/require-free.ts';
import { readSketches, type RecordingSketch } from './read-sketches.ts';
import { clientChoices, staffChoices, type Choice } from './recording-choices.ts';
import { RECORDING_ORDERS, recordingsWhere, shownIds, type RecordingFilters } from './recording-filters.ts';
import { recordingFlags, type RecordingFlag } from './recording-flags.ts';
import { requirePermission } from './require-permission.ts';

export const RECORDINGS_PAGE_SIZE = 25;

export type RecordingRow = {
	id: string;
	client: string;
	contact: string;
	staff: string;
	mode: Mode;
	reason: string;
	ticket: string | null;
	startedAt: number;
	lengthMs: number;
	isRunning: boolean;
	pages: number;
	views: number;
	actions: number;
	refusals: number;
	/** Null until it was assessed, soon after its end. */
	risk: number | null;
	/** Waits for a verdict. */
	isDue: boolean;
	verdict: Verdict | null;
	/** Nobody erases it. */
	isHeld: boolean;
	flags: RecordingFlag[];
	/** Null while it runs, and where nothing is known of what its pages looked like. */
	sketch: RecordingSketch | null;
};
export type RecordingList = Counted & {
	rows: RecordingRow[];
	clients: Choice[];
	staff: Choice[];
};

type Row = Omit<RecordingRow, 'reason' | 'flags' | 'sketch'> & { reason: Reason };

const readRows = (db: Db, agencyId: string, filter: SQL, { sort, page }: RecordingFilters) =>
	// Page first, count after: the counts of the rows before the page would cost as much as its own.
	db.execute<Row>(sql`
		WITH shown AS MATERIALIZED (${shownIds(agencyId, filter, sort)}
			LIMIT ${RECORDINGS_PAGE_SIZE} OFFSET ${(page - 1) * RECORDINGS_PAGE_SIZE})
		SELECT i.id, c.name AS client, k.name AS contact, s.name AS staff, i.mode, i.reason, i.ticket,
			(extract(epoch FROM COALESCE(i.started_at, i.created_at)) * 1000)::float8 AS "startedAt",
			(extract(epoch FROM COALESCE(i.ended_at, clock_timestamp()) - COALESCE(i.started_at, i.created_at)) * 1000)::float8
				AS "lengthMs",
			i.state = 'active' AS "isRunning", r.risk, COALESCE(r.is_queued AND r.verdict IS NULL, false) AS "isDue", r.verdict,
			NOT (${NOT_HELD}) AS "isHeld",
			(SELECT count(*)::int FROM page g WHERE g.impersonation_id = i.id) AS pages,
			(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id) AS views, x.actions, x.refusals
		FROM impersonation i JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		JOIN staff s ON s.id = i.staff_id LEFT JOIN review r ON r.impersonation_id = i.id,
		LATERAL (SELECT count(*) FILTER (WHERE outcome = 'done' AND action NOT LIKE 'impersonation.%')::int AS actions,
			count(*) FILTER (WHERE outcome = 'refused')::int AS refusals
			FROM action WHERE impersonation_id = i.id AND actor_kind = 'impersonation') x
		WHERE i.id IN (SELECT id FROM shown) ORDER BY ${RECORDING_ORDERS[sort]}`);

/**
 * One page of the recordings of the actor's agency.
 * @throws AppError `not_allowed` without the permission `review`
 */
export const listRecordings =
	(deps: { db: Db; liveLog: LiveLog }) =>
	async (actor: StaffActor, filters: RecordingFilters): Promise<RecordingList> => {
		const { db } = deps;
		const { agencyId } = actor;
		await requirePermission(db, actor, 'review');
		const filter = recordingsWhere(actor, filters);
		const [rows, counted, clients, staff] = await Promise.all([
			readRows(db, agencyId, filter, filters),
			countRows(db, sql`FROM impersonation i WHERE ${filter}`),
			clientChoices(db, agencyId),
			staffChoices(db, agencyId)
		]);
		const ids = rows.map(({ id }) => id);
		const [sketches, flags] = await Promise.all([
			readSketches(db, agencyId, ids),
			recordingFlags(deps, agencyId, rows)
		]);
		const told = rows.map((row, n): RecordingRow => {
			const sketch = sketches.get(row.id) ?? null;
			return { ...row, reason: REASONS[row.reason], flags: flags[n] ?? [], sketch };
		});
		return { rows: told, ...counted, clients, staff };
	};
