// The agency's clients as the list shows them: searched, filtered, sorted and paged by the database.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { ms, PAGE_SIZE, requireReader } from '../agency/require-reader.ts';
import { clientsWhere, SORTS, type ClientFilters, type ClientStatus } from './client-list.ts';

export type ClientRow = {
	id: ClientId;
	name: string;
	status: ClientStatus;
	optedOut: boolean;
	industry: string | null;
	owner: string | null;
	assignees: string[];
	openTasks: number;
	lastImpersonatedAt: number | null;
};
export type ClientList = { rows: ClientRow[]; total: number; staff: { id: string; name: string }[] };

const OPEN_TASKS = sql`(SELECT count(*)::int FROM task t WHERE t.client_id = c.id AND t.status = 'open' AND t.deleted_at IS NULL)`;
// One step into the index of a client's impersonations; a maximum over all of them would read each.
const LAST_IMPERSONATED = sql`(SELECT ${ms('i.started_at')} FROM impersonation i WHERE i.client_id = c.id
	AND i.started_at IS NOT NULL ORDER BY i.created_at DESC LIMIT 1)`;

/** Only what the sort needs is counted for every client; the rest for the rows of the page. */
function pageOf(filter: SQL, { sort, page }: ClientFilters): SQL {
	const sorted = sort.endsWith('tasks')
		? sql`, ${OPEN_TASKS} AS "openTasks"`
		: sort.endsWith('impersonated')
			? sql`, ${LAST_IMPERSONATED} AS "lastImpersonatedAt"`
			: sql``;
	return sql`SELECT c.id${sorted} FROM client c WHERE ${filter} ORDER BY ${sql.raw(SORTS[sort])}, c.id
		LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
}

const readRows = (db: Db, filter: SQL, filters: ClientFilters) =>
	db.execute<ClientRow>(sql`
		WITH page AS MATERIALIZED (SELECT id, row_number() OVER () AS n FROM (${pageOf(filter, filters)}) AS found)
		SELECT c.id, c.name, c.status, c.opted_out AS "optedOut", c.industry,
			(SELECT k.name FROM contact k WHERE k.client_id = c.id AND k.is_owner) AS owner,
			COALESCE((SELECT json_agg(s.name ORDER BY s.name) FROM client_assignment x JOIN staff s ON s.id = x.staff_id
				WHERE x.client_id = c.id), '[]') AS assignees,
			${OPEN_TASKS} AS "openTasks", ${LAST_IMPERSONATED} AS "lastImpersonatedAt"
		FROM page JOIN client c ON c.id = page.id ORDER BY page.n`);

/**
 * One page of the agency's clients. All of them are listed for everyone who may see clients; assignment limits only
 * who may be impersonated.
 * @throws AppError `not_allowed` without the permission `clients.read`
 */
export const listClients =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: ClientFilters): Promise<ClientList> => {
		await requireReader(db, actor, 'clients.read');
		const filter = clientsWhere(actor, filters);
		const [rows, [count], staff] = await Promise.all([
			readRows(db, filter, filters),
			db.execute<{ total: number }>(sql`SELECT count(*)::int AS total FROM client c WHERE ${filter}`),
			db.execute<{ id: string; name: string }>(sql`
				SELECT s.id, s.name FROM staff s WHERE s.agency_id = ${actor.agencyId}
					AND (s.active OR EXISTS (SELECT FROM client_assignment x WHERE x.staff_id = s.id)) ORDER BY s.name, s.id`)
		]);
		return { rows: [...rows], total: count?.total ?? 0, staff: [...staff] };
	};
