// A moderator's page says that it is being looked at. No action: it says only that the watch, which is one, is not an empty tab.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';

/**
 * @throws AppError `not_allowed` without `supervise`, without an open watch of this impersonation through this hub, of another agency's,
 * and of one's own
 */
export const noteLook =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string; hubId: string }): Promise<void> => {
		const standing = await readStaff(db, actor);
		if (!standing?.permissions.has('supervise'))
			throw new AppError('not_allowed', 'Your role does not include this.');
		const rows = await db.execute(sql`
			UPDATE watch w SET looked_at = clock_timestamp() FROM impersonation i
			WHERE i.id = w.impersonation_id AND i.id = ${input.impersonationId} AND i.agency_id = ${actor.agencyId}
				AND i.staff_id <> ${actor.staffId} AND i.state = 'active'
				AND w.staff_id = ${actor.staffId} AND w.hub_id = ${input.hubId} AND w.left_at IS NULL RETURNING w.id`);
		if (rows.length === 0) throw new AppError('not_allowed', 'Watch it first.');
	};
