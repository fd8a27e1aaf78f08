// The agency's clients as the list shows them: searched, filtered, sorted and paged by the database.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { containing, ms, PAGE_SIZE, requireReader } from './require-reader.ts';

const CLIENT_STATUSES = ['active', 'inactive', 'archived'] as const;
export type ClientStatus = (typeof CLIENT_STATUSES)[number];

const SORTS = {
	name: 'lower(c.name) ASC',
	'-name': 'lower(c.name) DESC',
	status: 'c.status ASC, lower(c.name) ASC',
	'-status': 'c.status DESC, lower(c.name) ASC',
	tasks: '"openTasks" ASC, lower(c.name) ASC',
	'-tasks': '"openTasks" DESC, lower(c.name) ASC',
	impersonated: '"lastImpersonatedAt" ASC NULLS FIRST, lower(c.name) ASC',
	'-impersonated': '"lastImpersonatedAt" DESC NULLS LAST, lower(c.name) ASC'
} as const;
export type ClientSort = keyof typeof SORTS;

/** The list's address; what makes no sense is left out, never an error. */
export const clientFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(CLIENT_STATUSES).optional().catch(undefined),
	/** A staff id, or "me". */
	assignee: z
		.string()
		.refine((text) => text === 'me' || isUuid(text))
		.optional()
		.catch(undefined),
	sort: z.enum(Object.keys(SORTS) as [ClientSort, ...ClientSort[]]).catch('name'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type ClientFilters = z.infer<typeof clientFilters>;

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

function where(actor: StaffActor, { q, status, assignee }: ClientFilters): SQL {
	const staffId = assignee === 'me' ? actor.staffId : assignee;
	const parts = [
		sql`c.agency_id = ${actor.agencyId}`,
		// People are found by the name of anyone they know there, not only by the company's.
		q !== '' &&
			sql`(c.name ILIKE ${containing(q)} OR EXISTS (SELECT FROM contact k WHERE k.client_id = c.id
				AND (k.name ILIKE ${containing(q)} OR k.email ILIKE ${containing(q)})))`,
		status && sql`c.status = ${status}`,
		staffId &&
			sql`EXISTS (SELECT FROM client_assignment x WHERE x.client_id = c.id AND x.staff_id = ${staffId})`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

const readRows = (db: Db, filter: SQL, { sort, page }: ClientFilters) =>
	db.execute<ClientRow>(sql`
		SELECT c.id, c.name, c.status, c.opted_out AS "optedOut", c.industry,
			(SELECT k.name FROM contact k WHERE k.client_id = c.id AND k.is_owner) AS owner,
			COALESCE((SELECT json_agg(s.name ORDER BY s.name) FROM client_assignment x JOIN staff s ON s.id = x.staff_id
				WHERE x.client_id = c.id), '[]') AS assignees,
			(SELECT count(*)::int FROM task t WHERE t.client_id = c.id AND t.status = 'open') AS "openTasks",
			(SELECT ${ms('max(i.started_at)')} FROM impersonation i WHERE i.client_id = c.id) AS "lastImpersonatedAt"
		FROM client c WHERE ${filter} ORDER BY ${sql.raw(SORTS[sort])}, c.id
		LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);

/**
 * One page of the agency's clients. All of them are listed for everyone who may see clients; assignment limits only
 * who may be impersonated.
 * @throws AppError `not_allowed` without the permission `clients.read`
 */
export const listClients =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: ClientFilters): Promise<ClientList> => {
		await requireReader(db, actor, 'clients.read');
		const filter = where(actor, filters);
		const [rows, [count], staff] = await Promise.all([
			readRows(db, filter, filters),
			db.execute<{ total: number }>(sql`SELECT count(*)::int AS total FROM client c WHERE ${filter}`),
			db.execute<{ id: string; name: string }>(sql`
				SELECT s.id, s.name FROM staff s WHERE s.agency_id = ${actor.agencyId}
					AND EXISTS (SELECT FROM client_assignment x WHERE x.staff_id = s.id) ORDER BY s.name, s.id`)
		]);
		return { rows: [...rows], total: count?.total ?? 0, staff: [...staff] };
	};
