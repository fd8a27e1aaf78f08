// The action log as people read it: filtered, newest first, paged by the row's number.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { actionTitle, ACTIONS, type ActionName } from '#domain/actions.ts';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { ms, requireClient, requireReader } from './require-reader.ts';

const ACTIONS_PAGE_SIZE = 50;

const id = z.string().refine(isUuid).optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
/** A row's number as text: it may pass what a JavaScript number holds exactly. */
const seq = z
	.string()
	.regex(/^[0-9]{1,18}$/)
	.optional()
	.catch(undefined);
const names = Object.keys(ACTIONS) as [ActionName, ...ActionName[]];

/** The log's address; what makes no sense is left out, never an error. */
export const actionFilters = z.object({
	client: id,
	actor: id,
	action: z.enum(names).optional().catch(undefined),
	outcome: z.enum(['done', 'refused']).optional().catch(undefined),
	impersonation: id,
	from: day,
	to: day,
	/** Rows older than this number. */
	before: seq,
	/** Rows newer than this number: the page above. */
	after: seq
});
export type ActionFilters = z.infer<typeof actionFilters>;

export type ActionRow = {
	seq: string;
	at: number;
	action: string;
	title: string;
	outcome: 'done' | 'refused';
	refusal: string | null;
	actorKind: 'staff' | 'client' | 'impersonation' | 'system';
	staff: string | null;
	client: { id: string; name: string } | null;
	contact: string | null;
	subject: { type: string; label: string | null } | null;
	impersonation: { id: string; startedAt: number | null; ticket: string | null } | null;
};
export type ActionList = { rows: ActionRow[]; total: number; newer: string | null; older: string | null };

/** Days are UTC's, since the server does not know the reader's. */
function where(agencyId: string, f: ActionFilters): SQL {
	const parts = [
		sql`a.agency_id = ${agencyId}`,
		f.client && sql`a.client_id = ${f.client}`,
		f.actor && sql`a.actor_staff_id = ${f.actor}`,
		f.action && sql`a.action = ${f.action}`,
		f.outcome && sql`a.outcome = ${f.outcome}`,
		f.impersonation && sql`a.impersonation_id = ${f.impersonation}`,
		f.from && sql`a.at >= ${f.from}::date::timestamp AT TIME ZONE 'UTC'`,
		f.to && sql`a.at < (${f.to}::date + 1)::timestamp AT TIME ZONE 'UTC'`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

/** Columns and joins of a row as it is shown; the panel of one row uses them too. */
export const SELECT_ACTION = sql`
	SELECT a.seq::text AS seq, ${ms('a.at')} AS at, a.action, a.outcome, a.refusal, a.actor_kind AS "actorKind",
		s.name AS staff, a.client_id, c.name AS client_name, k.name AS contact, a.subject_type, a.impersonation_id,
		${ms('i.started_at')} AS started_at, i.ticket, d.details::json ->> 'subject' AS subject_label
	FROM action a LEFT JOIN action_details d ON d.seq = a.seq LEFT JOIN staff s ON s.id = a.actor_staff_id
	LEFT JOIN client c ON c.id = a.client_id AND c.agency_id = a.agency_id
	LEFT JOIN contact k ON k.id = a.contact_id AND k.agency_id = a.agency_id
	LEFT JOIN impersonation i ON i.id = a.impersonation_id`;

export type StoredAction = Pick<
	ActionRow,
	'seq' | 'at' | 'action' | 'outcome' | 'refusal' | 'actorKind' | 'staff' | 'contact'
> & {
	client_id: string | null;
	client_name: string | null;
	subject_type: string | null;
	subject_label: string | null;
	impersonation_id: string | null;
	started_at: number | null;
	ticket: string | null;
};

/** From columns to what the page shows. */
export function toActionRow(row: StoredAction): ActionRow {
	const {
		client_id,
		client_name,
		subject_type,
		subject_label,
		impersonation_id,
		started_at,
		ticket,
		...rest
	} = row;
	return {
		...rest,
		title: actionTitle(row.action),
		client: client_id === null ? null : { id: client_id, name: client_name ?? 'A client that is gone' },
		subject: subject_type === null ? null : { type: subject_type, label: subject_label },
		impersonation: impersonation_id === null ? null : { id: impersonation_id, startedAt: started_at, ticket }
	};
}

async function readRows(db: Db, filter: SQL, { before, after }: ActionFilters, limit: number) {
	const edge = before ? sql`AND a.seq < ${before}` : after ? sql`AND a.seq > ${after}` : sql``;
	const order = !before && after ? sql`ASC` : sql`DESC`;
	// Page first, join after: on a long log the joins would otherwise run over all of it.
	const rows = await db.execute<StoredAction>(sql`
		WITH page AS MATERIALIZED (SELECT a.seq FROM action a WHERE ${filter} ${edge} ORDER BY a.seq ${order} LIMIT ${limit})
		${SELECT_ACTION} WHERE a.seq IN (SELECT seq FROM page) ORDER BY a.seq DESC`);
	return rows.map(toActionRow);
}

async function neighbours(db: Db, filter: SQL, rows: readonly ActionRow[]) {
	const [first, last] = [rows[0]?.seq, rows.at(-1)?.seq];
	if (!first || !last) return { newer: null, older: null };
	const [row] = await db.execute<{ newer: boolean; older: boolean }>(sql`
		SELECT EXISTS (SELECT FROM action a WHERE ${filter} AND a.seq > ${first}) AS newer,
			EXISTS (SELECT FROM action a WHERE ${filter} AND a.seq < ${last}) AS older`);
	return { newer: row?.newer ? first : null, older: row?.older ? last : null };
}

/**
 * One page of the log. With the permission `actions.read` everything of the agency; without it, those who may see
 * clients read one client's rows, as Client Details shows them.
 * @throws AppError `not_allowed`, `not_found` for another agency's client
 */
export const listActions =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: ActionFilters, limit = ACTIONS_PAGE_SIZE): Promise<ActionList> => {
		if (filters.client) await requireClient(db, actor, filters.client);
		else await requireReader(db, actor, 'actions.read');
		const filter = where(actor.agencyId, filters);
		const [rows, [count]] = await Promise.all([
			readRows(db, filter, filters, limit),
			db.execute<{ total: number }>(sql`SELECT count(*)::int AS total FROM action a WHERE ${filter}`)
		]);
		return { rows, total: count?.total ?? 0, ...(await neighbours(db, filter, rows)) };
	};
