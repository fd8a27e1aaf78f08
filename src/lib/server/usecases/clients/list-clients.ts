// The agency's clients as the list shows them: searched, filtered, sorted and paged by the database.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { unfoldedTasks } from '#server/db/tallies.ts';
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

const planned = ({ q }: ClientFilters): SQL => sql.raw(q ? PLANNED_ANEW : '');

const OPEN_TASKS = sql`(SELECT count(*)::int FROM task t WHERE t.client_id = c.id AND t.status = 'open' AND t.deleted_at IS NULL)`;
const LAST_IMPERSONATED = sql`(SELECT ${ms('v.last_at')} FROM client_visit v WHERE v.client_id = c.id)`;

const startOf = ({ page }: ClientFilters): number => (page - 1) * PAGE_SIZE;

/** By a name or a status: columns of the client itself. */
const byItself = (filter: SQL, filters: ClientFilters, order: SQL): SQL => sql`
	SELECT c.id FROM client c WHERE ${filter} ORDER BY ${order}, c.id LIMIT ${PAGE_SIZE} OFFSET ${startOf(filters)}`;

const byVisit = (actor: StaffActor, filter: SQL, filters: ClientFilters, order: SQL): SQL => sql`
	SELECT r.client_id AS id FROM client_rank r JOIN client c ON c.id = r.client_id WHERE r.agency_id = ${actor.agencyId} AND ${filter}
		ORDER BY ${order}, r.client_id LIMIT ${PAGE_SIZE} OFFSET ${startOf(filters)}`;

/** Clients whose tasks changed since the last fold are few, and put among the others by what they have now. */
function byTasks(actor: StaffActor, filter: SQL, filters: ClientFilters, order: SQL): SQL {
	const own = sql`r.agency_id = ${actor.agencyId} AND ${filter}`;
	return sql`
		WITH changed AS MATERIALIZED (SELECT part::uuid AS client_id, n FROM ${unfoldedTasks(actor.agencyId)} AS unfolded WHERE n <> 0)
		SELECT r.client_id AS id FROM (
			(SELECT r.client_id, r.open_tasks, r.name_key FROM client_rank r JOIN client c ON c.id = r.client_id
				WHERE ${own} AND r.client_id NOT IN (SELECT client_id FROM changed)
				ORDER BY ${order}, r.client_id LIMIT ${startOf(filters) + PAGE_SIZE})
			UNION ALL
			SELECT r.client_id, r.open_tasks + h.n, r.name_key FROM changed h JOIN client_rank r ON r.client_id = h.client_id
				JOIN client c ON c.id = r.client_id WHERE ${own}) AS r
		ORDER BY ${order}, r.client_id LIMIT ${PAGE_SIZE} OFFSET ${startOf(filters)}`;
}

function pageOf(actor: StaffActor, filter: SQL, filters: ClientFilters): SQL {
	const order = sql.raw(SORTS[filters.sort]);
	if (filters.sort.endsWith('tasks')) return byTasks(actor, filter, filters, order);
	if (filters.sort.endsWith('impersonated')) return byVisit(actor, filter, filters, order);
	return byItself(filter, filters, order);
}

const readRows = (db: Db, actor: StaffActor, filter: SQL, filters: ClientFilters) =>
	db.execute<ClientRow>(sql`
		WITH page AS MATERIALIZED (
			SELECT ${planned(filters)} id, row_number() OVER () AS n FROM (${pageOf(actor, filter, filters)}) AS found)
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
			readRows(db, actor, filter, filters),
			db.execute<{ total: number }>(
				sql`SELECT ${planned(filters)} count(*)::int AS total FROM client c WHERE ${filter}`
			),
			db.execute<{ id: string; name: string }>(sql`
				SELECT s.id, s.name FROM staff s WHERE s.agency_id = ${actor.agencyId}
					AND (s.active OR EXISTS (SELECT FROM client_assignment x WHERE x.staff_id = s.id)) ORDER BY s.name, s.id`)
		]);
		return { rows: [...rows], total: count?.total ?? 0, staff: [...staff] };
	};
