// Who of the agency was in: for the owner all of the account, for others what was done as them. Listed whatever the policy
// says about telling: that is about notices and mails, never about what a client finds when they look.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { actionTitle } from '#domain/actions.ts';
import type { PortalActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { isZone, zonedDay } from '#domain/zoned-day.ts';
import type { Db } from '#server/db/types.ts';
import {
	FACT_COLUMNS,
	FACT_TABLES,
	INSIDE,
	labelsOf,
	toFacts,
	visitsOf,
	type AccessFacts,
	type FactRow
} from './access-rows.ts';
import { pageName } from './access-sentence.ts';
import { PAGE_SIZE, requireArea } from './scope.ts';

/** What one row unfolds to; the rest is on the visit's own page. */
const MAX_SHOWN = 12;

export const ACCESS_SORTS = [
	'-when',
	'when',
	'who',
	'-who',
	'as',
	'-as',
	'-length',
	'length',
	'why',
	'-why'
] as const;
export type AccessSort = (typeof ACCESS_SORTS)[number];

const NEWEST = sql`i.created_at DESC, i.id`;
const LENGTH = sql`coalesce(i.ended_at, clock_timestamp()) - i.started_at`;
const ORDER: Record<AccessSort, SQL> = {
	'-when': NEWEST,
	when: sql`i.created_at, i.id`,
	who: sql`lower(s.name), ${NEWEST}`,
	'-who': sql`lower(s.name) DESC, ${NEWEST}`,
	as: sql`lower(k.name), ${NEWEST}`,
	'-as': sql`lower(k.name) DESC, ${NEWEST}`,
	length: sql`${LENGTH}, i.id`,
	'-length': sql`${LENGTH} DESC, i.id`,
	// The stored words stand in the order of those that are shown.
	why: sql`i.reason, ${NEWEST}`,
	'-why': sql`i.reason DESC, ${NEWEST}`
};

export const accessFilters = z.object({
	staff: z.string().refine(isUuid).catch(''),
	from: z.iso.date().catch(''),
	to: z.iso.date().catch(''),
	/** Whose days these are; UTC's where nothing says. */
	zone: z.string().max(64).refine(isZone).catch(''),
	sort: z.enum(ACCESS_SORTS).catch('-when').default('-when')
});
export type AccessFilters = z.infer<typeof accessFilters>;

export type AccessRow = AccessFacts & {
	viewed: { at: number; label: string }[];
	done: { at: number; title: string; label: string | null; refused: boolean }[];
	/** How many of either are not in the two lists. */
	more: number;
};
export type AccessHistory = {
	rows: AccessRow[];
	total: number;
	/** Everybody who was ever in, for the filter. */
	people: { id: string; name: string }[];
};

type View = { at: number; label: string | null; address: string };
type Deed = { at: number; action: string; outcome: 'done' | 'refused'; label: string | null };
type Row = FactRow & { deed_count: number; viewed: View[] | null; deeds: Deed[] | null };

const VIEWED = sql`(SELECT json_agg(v ORDER BY v.at) FROM (
	SELECT (extract(epoch FROM min(at)) * 1000)::bigint AS at, address, max(subject_label) AS label FROM view
	WHERE impersonation_id = i.id AND status < 400 GROUP BY address ORDER BY min(at) LIMIT ${MAX_SHOWN}) v)`;

const DEEDS = sql`(SELECT json_agg(d ORDER BY d.seq) FROM (
	SELECT a.seq, (extract(epoch FROM a.at) * 1000)::bigint AS at, a.action, a.outcome, x.details::jsonb ->> 'subject' AS label
	FROM action a LEFT JOIN action_details x ON x.seq = a.seq WHERE ${INSIDE} ORDER BY a.seq LIMIT ${MAX_SHOWN}) d)`;

function toRow(row: Row, labels: Record<string, string>): AccessRow {
	const viewed = (row.viewed ?? []).map(({ at, address, label }) => ({
		at,
		label: label ? `${pageName(address, labels)}: ${label}` : pageName(address, labels)
	}));
	const done = (row.deeds ?? []).map(({ at, action, outcome, label }) => ({
		at,
		title: actionTitle(action, outcome),
		label,
		refused: outcome === 'refused'
	}));
	const more = Math.max(0, row.pages - viewed.length) + Math.max(0, row.deed_count - done.length);
	return { ...toFacts(row), viewed, done, more };
}

/** Whole days of the calendar, in the zone that the address names. */
const within = ({
	staff,
	from,
	to,
	zone
}: Omit<AccessFilters, 'sort'>) => sql`${staff ? sql`i.staff_id = ${staff}` : sql`true`}
	AND ${from ? sql`i.started_at >= to_timestamp(${zonedDay(from, zone || 'UTC').begins}::float8)` : sql`true`}
	AND ${to ? sql`i.started_at < to_timestamp(${zonedDay(to, zone || 'UTC').ends}::float8)` : sql`true`}`;

/** @throws AppError `not_found` when the account is not active */
export const readAccessHistory =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, page: number, asked: Partial<AccessFilters> = {}): Promise<AccessHistory> => {
		const view = await requireArea(db, actor, 'access-history');
		const filters = accessFilters.parse(asked);
		const mine = visitsOf(actor, view);
		const where = sql`${mine} AND ${within(filters)}`;
		const [[total], people, rows] = await Promise.all([
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM impersonation i WHERE ${where}`),
			db.execute<{ id: string; name: string }>(sql`SELECT s.id, s.name FROM staff s
				WHERE s.id IN (SELECT i.staff_id FROM impersonation i WHERE ${mine}) ORDER BY s.name, s.id`),
			db.execute<Row>(sql`
				SELECT ${FACT_COLUMNS}, (SELECT count(*)::int FROM action a WHERE ${INSIDE}) AS deed_count,
					${VIEWED} AS viewed, ${DEEDS} AS deeds
				FROM ${FACT_TABLES} WHERE ${where} ORDER BY ${ORDER[filters.sort]}
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`)
		]);
		const labels = labelsOf(view);
		return { total: total?.n ?? 0, people: [...people], rows: rows.map((row) => toRow(row, labels)) };
	};
