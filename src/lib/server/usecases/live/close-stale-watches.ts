// Watches that a dead hub left open: nobody sees anything through them, so they must not be shown as watching.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { leaveWatch } from './leave-watch.ts';

/** Closes every open watch that is not of this hub, as the system; returns how many. One hub runs at a time for now. */
export const closeStaleWatches = (deps: { act: Act; db: Db }) => {
	const leave = leaveWatch(deps);
	return async (input: { hubId: string }): Promise<number> => {
		const stale = await deps.db.execute<{ id: string; agency_id: AgencyId }>(
			sql`SELECT id, agency_id FROM watch WHERE left_at IS NULL AND hub_id <> ${input.hubId}`
		);
		for (const row of stale) await leave({ kind: 'system', agencyId: row.agency_id }, { watchId: row.id });
		return stale.length;
	};
};
