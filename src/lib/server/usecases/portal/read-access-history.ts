// Who of the agency was in: for the owner all of the account, for others what was done as them. What the staff member
// noted for colleagues (details) is never read here.
import { sql } from 'drizzle-orm';
import { ACTIONS, actionTitle, isActionName } from '#domain/actions.ts';
import type { PortalActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { REASONS, type Mode, type Reason } from '#domain/modes-and-reasons.ts';
import { AREAS, type AreaKey } from '#domain/portal-elements.ts';
import { areaLabel, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { accessSentence, pageName } from './access-sentence.ts';
import { epochMs, PAGE_SIZE, requireArea } from './scope.ts';

/** What one row unfolds to; the counts are of all. */
const MAX_SHOWN = 60;

export type AccessRow = {
	id: ImpersonationId;
	staff: string;
	contact: string;
	startedAt: number;
	/** Null while it runs. */
	endedAt: number | null;
	mode: Mode;
	reason: string;
	ticket: string | null;
	sentence: string;
	viewed: { at: number; label: string; address: string }[];
	done: { at: number; title: string; label: string | null; refused: boolean }[];
	/** How many of either are not in the two lists. */
	more: number;
};
export type AccessHistory = { rows: AccessRow[]; total: number };

type View = { at: number; label: string | null; address: string };
type Deed = { at: number; action: string; outcome: 'done' | 'refused'; label: string | null };
type Row = {
	id: ImpersonationId;
	staff: string;
	contact: string;
	started_at: string;
	ended_at: string | null;
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	pages: number;
	deed_count: number;
	changed: string[] | null;
	viewed: View[] | null;
	deeds: Deed[] | null;
};

const VIEWED = sql`(SELECT json_agg(v ORDER BY v.at) FROM (
	SELECT (extract(epoch FROM min(at)) * 1000)::bigint AS at, address, max(subject_label) AS label FROM view
	WHERE impersonation_id = i.id AND status < 400 GROUP BY address ORDER BY min(at) LIMIT ${MAX_SHOWN}) v)`;

/** What was done inside; starting, ending and watching are the agency's own affairs. */
const INSIDE = sql`a.impersonation_id = i.id AND a.actor_kind = 'impersonation' AND a.action NOT LIKE 'impersonation.%'`;

const DEEDS = sql`(SELECT json_agg(d ORDER BY d.seq) FROM (
	SELECT a.seq, (extract(epoch FROM a.at) * 1000)::bigint AS at, a.action, a.outcome, x.details::jsonb ->> 'subject' AS label
	FROM action a LEFT JOIN action_details x ON x.seq = a.seq WHERE ${INSIDE} ORDER BY a.seq LIMIT ${MAX_SHOWN}) d)`;

function toRow(row: Row, labels: Record<string, string>): AccessRow {
	const changed = (row.changed ?? []).filter(isActionName);
	const kinds = (kind: 'change' | 'disclosure') =>
		changed.filter((name) => ACTIONS[name].kind === kind).length;
	const viewed = (row.viewed ?? []).map(({ at, address, label }) => ({
		at,
		address,
		label: label ? `${pageName(address, labels)}: ${label}` : pageName(address, labels)
	}));
	const done = (row.deeds ?? []).map(({ at, action, outcome, label }) => ({
		at,
		title: actionTitle(action, outcome),
		label,
		refused: outcome === 'refused'
	}));
	return {
		id: row.id,
		staff: row.staff,
		contact: row.contact,
		startedAt: Number(row.started_at),
		endedAt: row.ended_at === null ? null : Number(row.ended_at),
		mode: row.mode,
		reason: REASONS[row.reason],
		ticket: row.ticket,
		sentence: accessSentence({
			staff: row.staff,
			ended: row.ended_at !== null,
			pages: row.pages,
			changes: kinds('change'),
			downloads: kinds('disclosure'),
			reason: row.reason,
			ticket: row.ticket
		}),
		viewed,
		done,
		more: Math.max(0, row.pages - viewed.length) + Math.max(0, row.deed_count - done.length)
	};
}

const labelsOf = (view: PortalView): Record<string, string> =>
	Object.fromEntries((Object.keys(AREAS) as AreaKey[]).map((key) => [key, areaLabel(key, view)]));

/** @throws AppError `not_found` when the account is not active */
export const readAccessHistory =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, page: number): Promise<AccessHistory> => {
		const view = await requireArea(db, actor, 'access-history');
		const whose = view.contact.isOwner ? sql`true` : sql`i.contact_id = ${actor.contactId}`;
		const where = sql`i.agency_id = ${actor.agencyId} AND i.client_id = ${actor.clientId}
			AND i.started_at IS NOT NULL AND ${whose}`;
		const [[total], rows] = await Promise.all([
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM impersonation i WHERE ${where}`),
			db.execute<Row>(sql`
				SELECT i.id, s.name AS staff, k.name AS contact, i.mode, i.reason, i.ticket,
					${epochMs('i.started_at')} AS started_at, ${epochMs('i.ended_at')} AS ended_at,
					(SELECT count(DISTINCT address)::int FROM view
						WHERE impersonation_id = i.id AND status < 400) AS pages,
					(SELECT count(*)::int FROM action a WHERE ${INSIDE}) AS deed_count,
					(SELECT json_agg(a.action) FROM action a WHERE ${INSIDE} AND a.outcome = 'done') AS changed,
					${VIEWED} AS viewed, ${DEEDS} AS deeds
				FROM impersonation i JOIN staff s ON s.id = i.staff_id JOIN contact k ON k.id = i.contact_id
				WHERE ${where} ORDER BY i.created_at DESC, i.id
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`)
		]);
		const labels = labelsOf(view);
		return { total: total?.n ?? 0, rows: rows.map((row) => toRow(row, labels)) };
	};
