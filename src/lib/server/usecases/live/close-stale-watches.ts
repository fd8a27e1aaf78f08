// Watches that a dead hub left open: nobody sees anything through them, so they must not be shown as watching.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { leaveWatch } from './leave-watch.ts';

/** A hub that gave no sign of life for this long is dead; it gives one every four seconds. */
const HUB_LEASE_MS = 15_000;

export type CloseStaleWatches = {
	act: Act;
	db: Db;
	/** True where no second hub can be: whoever is not this one is dead. */
	isAlone: boolean;
};

/**
 * Closes every open watch of a dead hub, as the system; returns how many. Several may do so at once: each is logged once.
 * A hub that was only slow finds its own sign of life gone, and has its watchers join anew.
 */
export const closeStaleWatches = ({ act, db, isAlone }: CloseStaleWatches) => {
	const leave = leaveWatch({ act, db });
	return async (input: { hubId: string }): Promise<number> => {
		const leaseMs = isAlone ? 0 : HUB_LEASE_MS;
		await db.execute(sql`DELETE FROM hub WHERE id <> ${input.hubId}
			AND seen_at <= clock_timestamp() - make_interval(secs => ${leaseMs / 1000})`);
		const stale = await db.execute<{ id: string; agency_id: AgencyId }>(
			sql`SELECT id, agency_id FROM watch w WHERE left_at IS NULL AND hub_id <> ${input.hubId}
				AND NOT EXISTS (SELECT FROM hub h WHERE h.id = w.hub_id)`
		);
		for (const row of stale) await leave({ kind: 'system', agencyId: row.agency_id }, { watchId: row.id });
		return stale.length;
	};
};
