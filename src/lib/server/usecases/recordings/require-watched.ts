// Watching is shown to whoever is watched, also where it is done by way of the recording: a session that runs is shown to those only
// who watch it at that moment, and so stand in its banner and in the log. What has ended is the replay's.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Reader } from '#server/db/types.ts';

/** Over `impersonation i`: they watch it, watched it when it ended, or are the one inside. */
export const isWatchedBy = ({
	staffId
}: Pick<StaffActor, 'staffId'>): SQL => sql`(i.staff_id = ${staffId} OR EXISTS (
	SELECT FROM watch w WHERE w.impersonation_id = i.id AND w.staff_id = ${staffId}
		AND (w.left_at IS NULL OR w.left_at >= i.ended_at)))`;

/**
 * Attack: film and end of a recording that still grows, asked for each second, are the live screen, and the banner names nobody.
 * @throws AppError `conflict` while it runs and the actor does not watch it
 */
export async function requireWatched(
	reader: Reader,
	actor: StaffActor,
	impersonationId: string
): Promise<void> {
	const [unseen] = await reader.execute(sql`
		SELECT FROM impersonation i WHERE i.id = ${impersonationId} AND i.agency_id = ${actor.agencyId}
			AND i.state = 'active' AND NOT ${isWatchedBy(actor)}`);
	if (unseen)
		throw new AppError(
			'conflict',
			'This session still runs, and whoever looks at it is shown to the person inside. Keep its live page open meanwhile, or come back once it has ended.'
		);
}
