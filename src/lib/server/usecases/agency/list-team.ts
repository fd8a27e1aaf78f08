// The agency's staff with their roles, to read.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { effectivePermissions, type Permission } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from './require-reader.ts';

export type TeamRow = {
	id: string;
	name: string;
	email: string;
	role: string;
	isCustomRole: boolean;
	active: boolean;
	clients: number;
	permissions: Permission[];
};

type Row = Omit<TeamRow, 'permissions'> & { held: string[]; granted: string[]; withdrawn: string[] };

/** @throws AppError `not_allowed` without the permission `team.read` */
export const listTeam =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<TeamRow[]> => {
		await requireReader(db, actor, 'team.read');
		const rows = await db.execute<Row>(sql`
			SELECT s.id, s.name, s.email, r.name AS role, NOT r.built_in AS "isCustomRole", s.active, s.granted, s.withdrawn,
				r.permissions AS held, (SELECT count(*)::int FROM client_assignment x WHERE x.staff_id = s.id) AS clients
			FROM staff s JOIN role r ON r.id = s.role_id WHERE s.agency_id = ${actor.agencyId}
			ORDER BY s.active DESC, s.name, s.id`);
		return rows.map(({ held, granted, withdrawn, ...row }) => ({
			...row,
			permissions: [...effectivePermissions(held, granted, withdrawn)]
		}));
	};
