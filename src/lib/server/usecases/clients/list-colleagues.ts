// The active staff members a client can be given to.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { StaffId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';

export type Colleague = { id: StaffId; name: string; role: string; active: boolean };

/** @throws AppError `not_allowed` without the permission `clients.manage` */
export const listColleagues =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Colleague[]> => {
		await requireReader(db, actor, 'clients.manage');
		const rows = await db.execute<Colleague>(sql`SELECT s.id, s.name, r.name AS role, s.active FROM staff s
			JOIN role r ON r.id = s.role_id WHERE s.agency_id = ${actor.agencyId} AND s.active ORDER BY s.name, s.id`);
		return [...rows];
	};
