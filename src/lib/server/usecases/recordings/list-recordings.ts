// Recordings of one agency, newest first, with what a reviewer chooses by: who, when, how long, what was done.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { isZone, zonedDay } from '#domain/zoned-day.ts';
import { MODES, REASONS, type Mode, type Reason } from '#domain/modes-and-reasons.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { clientChoices, staffChoices, type Choice } from './recording-choices.ts';
import { recordingFlags, type RecordingFlag } from './recording-flags.ts';
import { requirePermission } from './require-permission.ts';

export const RECORDINGS_PAGE_SIZE = 25;

const id = z.string().refine(isUuid).optional().catch(undefined);
/** A date as a date field sends it. Anything else in the address is as if it were not there. */
const day = z.iso.date().optional().catch(undefined);

/** By client means by their name, and within one by time. One that runs has no length yet. */
const ORDERS = {
	...bothWays({ when: 'i.created_at', length: '(i.ended_at - i.started_at)' }, 'i.id'),
	client: sql`lower(c.name), c.id, i.created_at DESC, i.id`,
	'-client': sql`lower(c.name) DESC, c.id DESC, i.created_at DESC, i.id`
};

/** Filters as they stand in an address; what makes no sense is left out, never an error. */
export const recordingFilters = z.object({
	client: id,
	staff: id,
	mode: z.enum(MODES).optional().catch(undefined),
	from: day,
	to: day,
	/** Whose days these are; UTC's where nothing says. */
	zone: z.string().max(64).refine(isZone).optional().catch(undefined),
	refused: z.literal('1').optional().catch(undefined),
	sort: sortIn(ORDERS, '-when'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type RecordingFilters = z.infer<typeof recordingFilters>;

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
	flags: RecordingFlag[];
};
export type RecordingList = Counted & {
	rows: RecordingRow[];
	clients: Choice[];
	staff: Choice[];
};

/**
 * Looked up for one impersonation after the other, newest first, in the index of refusals alone, until the page is full. As
 * a mere condition all refusals of the agency might be gathered first.
 */
const withRefusal = (agencyId: string) => sql`(SELECT true FROM action x WHERE x.agency_id = ${agencyId}
	AND x.impersonation_id = i.id AND x.outcome = 'refused' AND x.actor_kind = 'impersonation' LIMIT 1)`;

function where(agencyId: string, f: RecordingFilters): SQL {
	const zone = f.zone ?? 'UTC';
	const parts = [
		sql`i.agency_id = ${agencyId} AND i.state <> 'pending' AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id)`,
		f.client && sql`i.client_id = ${f.client}`,
		f.staff && sql`i.staff_id = ${f.staff}`,
		f.mode && sql`i.mode = ${f.mode}`,
		f.from && sql`i.created_at >= to_timestamp(${zonedDay(f.from, zone).begins}::float8)`,
		f.to && sql`i.created_at < to_timestamp(${zonedDay(f.to, zone).ends}::float8)`,
		f.refused && withRefusal(agencyId)
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

type Row = Omit<RecordingRow, 'reason' | 'flags'> & { reason: Reason };

const BY_CLIENT: ReadonlySet<RecordingFilters['sort']> = new Set(['client', '-client']);

/** In the list's order. By client: one client after the other in the index of their names, until the page is full. */
const shownIds = (agencyId: string, filter: SQL, sort: RecordingFilters['sort']): SQL =>
	BY_CLIENT.has(sort)
		? sql`SELECT i.id FROM client c, LATERAL (SELECT i.id, i.created_at FROM impersonation i
			WHERE i.client_id = c.id AND ${filter} ORDER BY i.created_at DESC, i.id) i
			WHERE c.agency_id = ${agencyId} ORDER BY ${ORDERS[sort]}`
		: sql`SELECT i.id FROM impersonation i WHERE ${filter} ORDER BY ${ORDERS[sort]}`;

const readRows = (db: Db, agencyId: string, filter: SQL, { sort, page }: RecordingFilters) =>
	// Page first, count after: the counts of the rows before the page would cost as much as its own.
	db.execute<Row>(sql`
		WITH shown AS MATERIALIZED (${shownIds(agencyId, filter, sort)}
			LIMIT ${RECORDINGS_PAGE_SIZE} OFFSET ${(page - 1) * RECORDINGS_PAGE_SIZE})
		SELECT i.id, c.name AS client, k.name AS contact, s.name AS staff, i.mode, i.reason, i.ticket,
			(extract(epoch FROM COALESCE(i.started_at, i.created_at)) * 1000)::float8 AS "startedAt",
			(extract(epoch FROM COALESCE(i.ended_at, clock_timestamp()) - COALESCE(i.started_at, i.created_at)) * 1000)::float8
				AS "lengthMs",
			i.state = 'active' AS "isRunning",
			(SELECT count(*)::int FROM page g WHERE g.impersonation_id = i.id) AS pages,
			(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id) AS views, x.actions, x.refusals
		FROM impersonation i JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		JOIN staff s ON s.id = i.staff_id,
		LATERAL (SELECT count(*) FILTER (WHERE outcome = 'done' AND action NOT LIKE 'impersonation.%')::int AS actions,
			count(*) FILTER (WHERE outcome = 'refused')::int AS refusals
			FROM action WHERE impersonation_id = i.id AND actor_kind = 'impersonation') x
		WHERE i.id IN (SELECT id FROM shown) ORDER BY ${ORDERS[sort]}`);

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
		const filter = where(agencyId, filters);
		const [rows, counted, clients, staff] = await Promise.all([
			readRows(db, agencyId, filter, filters),
			countRows(db, sql`FROM impersonation i WHERE ${filter}`),
			clientChoices(db, agencyId),
			staffChoices(db, agencyId)
		]);
		const told = rows.map(async (row): Promise<RecordingRow> => {
			const flags = await recordingFlags(deps, agencyId, row);
			return { ...row, reason: REASONS[row.reason], flags };
		});
		return { rows: await Promise.all(told), ...counted, clients, staff };
	};
