// The agency's staff with their roles: searched, filtered, sorted and paged by the database.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { containing, ms, PAGE_SIZE, requireReader } from '../agency/require-reader.ts';

const SORTS = {
	name: 'lower(s.name) ASC',
	'-name': 'lower(s.name) DESC',
	role: 'lower(r.name) ASC, lower(s.name) ASC',
	'-role': 'lower(r.name) DESC, lower(s.name) ASC',
	clients: '"clients" ASC, lower(s.name) ASC',
	'-clients': '"clients" DESC, lower(s.name) ASC'
} as const;
export type TeamSort = keyof typeof SORTS;

const STATES = ['active', 'invited', 'deactivated'] as const;
export type StaffState = (typeof STATES)[number];

/** The list's address; what makes no sense is left out, never an error. */
export const teamFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	state: z.enum(STATES).optional().catch(undefined),
	role: z.string().refine(isUuid).optional().catch(undefined),
	sort: z.enum(Object.keys(SORTS) as [TeamSort, ...TeamSort[]]).catch('name'),
	page: z.coerce.number().int().min(1).max(1_000).catch(1)
});
export type TeamFilters = z.infer<typeof teamFilters>;

export type TeamRow = {
	id: string;
	name: string;
	email: string;
	role: string;
	isCustomRole: boolean;
	state: StaffState;
	clients: number;
	/** Permissions granted or withdrawn beside the role. */
	exceptions: number;
	/** Of an invitation that is still open, or null. */
	invitedUntil: number | null;
};
export type TeamList = { rows: TeamRow[]; total: number; roles: { id: string; name: string }[] };

const PENDING = sql`NOT EXISTS (SELECT FROM staff_account x WHERE x.user_id = s.id)`;
const STATE = sql`CASE WHEN NOT s.active THEN 'deactivated' WHEN ${PENDING} THEN 'invited' ELSE 'active' END`;

function where(actor: StaffActor, { q, state, role }: TeamFilters): SQL {
	const parts = [
		sql`s.agency_id = ${actor.agencyId}`,
		q !== '' && sql`(s.name ILIKE ${containing(q)} OR s.email ILIKE ${containing(q)})`,
		state && sql`${STATE} = ${state}`,
		role && sql`s.role_id = ${role}`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

/** @throws AppError `not_allowed` without the permission `team.read` */
export const listTeam =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: TeamFilters): Promise<TeamList> => {
		await requireReader(db, actor, 'team.read');
		const filter = where(actor, filters);
		const [rows, [count], roles] = await Promise.all([
			db.execute<TeamRow>(sql`
				SELECT s.id, s.name, s.email, r.name AS role, NOT r.built_in AS "isCustomRole", ${STATE} AS state,
					cardinality(s.granted) + cardinality(s.withdrawn) AS exceptions,
					(SELECT ${ms('max(v.expires_at)')} FROM invitation v WHERE v.staff_id = s.id AND v.used_at IS NULL
						AND v.expires_at > clock_timestamp()) AS "invitedUntil",
					(SELECT count(*)::int FROM client_assignment x WHERE x.staff_id = s.id) AS clients
				FROM staff s JOIN role r ON r.id = s.role_id WHERE ${filter}
				ORDER BY s.active DESC, ${sql.raw(SORTS[filters.sort])}, s.id
				LIMIT ${PAGE_SIZE} OFFSET ${(filters.page - 1) * PAGE_SIZE}`),
			db.execute<{ total: number }>(
				sql`SELECT count(*)::int AS total FROM staff s JOIN role r ON r.id = s.role_id WHERE ${filter}`
			),
			db.execute<{
				id: string;
				name: string;
			}>(sql`SELECT id, name FROM role WHERE agency_id = ${actor.agencyId}
				ORDER BY built_in DESC, cardinality(permissions) DESC, name`)
		]);
		return { rows: [...rows], total: count?.total ?? 0, roles: [...roles] };
	};
