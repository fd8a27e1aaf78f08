// The agency's clients as the list shows them: searched, filtered, sorted and paged by the database.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { tallySums } from '#server/db/tallies.ts';
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

/** What the sort needs of every client, read from what is kept; the rest is read for the rows of the page. */
function sortedBy(actor: StaffActor, sort: ClientFilters['sort']): { columns: SQL; join: SQL } {
	if (sort.endsWith('tasks'))
		return {
			columns: sql`, COALESCE(kept.n, 0) AS "openTasks"`,
			join: sql`LEFT JOIN ${tallySums(actor.agencyId, 'task.open')} AS kept ON kept.part = c.id::text`
		};
	if (sort.endsWith('impersonated'))
		return {
			columns: sql`, v.last_at AS "lastImpersonatedAt"`,
			join: sql`LEFT JOIN client_visit v ON v.client_id = c.id AND v.agency_id = ${actor.agencyId}`
		};
	return { columns: sql``, join: sql`` };
}

function pageOf(actor: StaffActor, filter: SQL, { sort, page }: ClientFilters): SQL {
	const { columns, join } = sortedBy(actor, sort);
	return sql`SELECT c.id${columns} FROM client c ${join} WHERE ${filter} ORDER BY ${sql.raw(SORTS[sort])}, c.id
		LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
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
