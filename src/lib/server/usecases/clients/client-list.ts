// How a list of clients is filtered and sorted, shared by the page and its export.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { containing } from '../agency/require-reader.ts';

export const CLIENT_STATUSES = ['active', 'inactive', 'archived'] as const;
export type ClientStatus = (typeof CLIENT_STATUSES)[number];

/** What is counted stands in `client_rank r`, indexed in each of these orders. */
export const SORTS = {
	name: 'lower(c.name) ASC',
	'-name': 'lower(c.name) DESC',
	status: 'c.status ASC, lower(c.name) ASC',
	'-status': 'c.status DESC, lower(c.name) ASC',
	tasks: 'r.open_tasks ASC, r.name_key ASC',
	'-tasks': 'r.open_tasks DESC, r.name_key ASC',
	impersonated: 'r.last_at ASC NULLS FIRST, r.name_key ASC',
	'-impersonated': 'r.last_at DESC NULLS LAST, r.name_key ASC'
} as const;
export type ClientSort = keyof typeof SORTS;

/** The list's address; what makes no sense is left out, never an error. */
export const clientFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(CLIENT_STATUSES).optional().catch(undefined),
	/** A staff id, "me", or "nobody". */
	assignee: z
		.string()
		.refine((text) => text === 'me' || text === 'nobody' || isUuid(text))
		.optional()
		.catch(undefined),
	sort: z.enum(Object.keys(SORTS) as [ClientSort, ...ClientSort[]]).catch('name'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type ClientFilters = z.infer<typeof clientFilters>;

function assignedTo(actor: StaffActor, assignee: string): SQL {
	if (assignee === 'nobody')
		return sql`NOT EXISTS (SELECT FROM client_assignment x WHERE x.client_id = c.id)`;
	const staffId = assignee === 'me' ? actor.staffId : assignee;
	return sql`c.id IN (SELECT x.client_id FROM client_assignment x WHERE x.staff_id = ${staffId})`;
}

/** The condition on `client c`. */
export function clientsWhere(actor: StaffActor, { q, status, assignee }: ClientFilters): SQL {
	const parts = [
		sql`c.agency_id = ${actor.agencyId}`,
		// People are found by the name of anyone they know there, not only by the company's.
		q !== '' &&
			sql`c.id IN (SELECT n.id FROM client n WHERE n.agency_id = ${actor.agencyId} AND n.name ILIKE ${containing(q)}
				UNION SELECT k.client_id FROM contact k WHERE k.agency_id = ${actor.agencyId}
					AND (k.name ILIKE ${containing(q)} OR k.email ILIKE ${containing(q)}))`,
		status && sql`c.status = ${status}`,
		assignee && assignedTo(actor, assignee)
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}
