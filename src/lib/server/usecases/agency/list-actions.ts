// The action log as people read it: filtered, newest first, paged by the row's number.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { actionsWhere, isWhole, type ActionFilters } from './action-filter.ts';
import { SELECT_ACTION, toActionRow, type ActionRow, type StoredAction } from './action-row.ts';
import { requireClient, requireReader } from './require-reader.ts';

const ACTIONS_PAGE_SIZE = 50;
/** Beyond it a number tells nobody more, and counting millions of rows for each page would cost seconds. */
export const MAX_COUNTED = 10_000;

export type ActionList = {
	rows: ActionRow[];
	total: number;
	/** There are more than `total`: counting stopped there. */
	isMore: boolean;
	newer: string | null;
	older: string | null;
};

async function readRows(db: Db, filter: SQL, { before, after }: ActionFilters, limit: number) {
	const edge = before ? sql`AND a.seq < ${before}` : after ? sql`AND a.seq > ${after}` : sql``;
	const order = !before && after ? sql`ASC` : sql`DESC`;
	// The limit stands in the text: as a parameter a kept plan would guess a tenth of the log.
	// Page first, join after: on a long log the joins would otherwise run over all of it.
	const rows = await db.execute<StoredAction>(sql`
		WITH page AS MATERIALIZED (SELECT a.seq FROM action a WHERE ${filter} ${edge} ORDER BY a.seq ${order} LIMIT ${sql.raw(String(limit))})
		${SELECT_ACTION} WHERE a.seq IN (SELECT seq FROM page) ORDER BY a.seq DESC`);
	return rows.map(toActionRow);
}

async function neighbours(db: Db, filter: SQL, rows: readonly ActionRow[]) {
	const [first, last] = [rows[0]?.seq, rows.at(-1)?.seq];
	if (!first || !last) return { newer: null, older: null };
	// The next row by number, not whether there is any: asked for any, a kept plan reads the whole log to find none.
	const [row] = await db.execute<{ newer: boolean; older: boolean }>(sql`
		SELECT (SELECT a.seq FROM action a WHERE ${filter} AND a.seq > ${first} ORDER BY a.seq LIMIT 1) IS NOT NULL AS newer,
			(SELECT a.seq FROM action a WHERE ${filter} AND a.seq < ${last} ORDER BY a.seq DESC LIMIT 1) IS NOT NULL AS older`);
	return { newer: row?.newer ? first : null, older: row?.older ? last : null };
}

async function count(db: Db, agencyId: string, filters: ActionFilters, filter: SQL) {
	// The head of the chain knows how many rows it holds.
	const query = isWhole(filters)
		? sql`SELECT rows::float8 AS n FROM chain_head WHERE agency_id = ${agencyId}`
		: sql`SELECT count(*)::float8 AS n FROM (SELECT FROM action a WHERE ${filter} LIMIT ${MAX_COUNTED + 1}) AS counted`;
	const [row] = await db.execute<{ n: number }>(query);
	const n = row?.n ?? 0;
	const isMore = !isWhole(filters) && n > MAX_COUNTED;
	return { total: isMore ? MAX_COUNTED : n, isMore };
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
		const filter = actionsWhere(actor.agencyId, filters);
		const [rows, counted] = await Promise.all([
			readRows(db, filter, filters, limit),
			count(db, actor.agencyId, filters, filter)
		]);
		return { rows, ...counted, ...(await neighbours(db, filter, rows)) };
	};
