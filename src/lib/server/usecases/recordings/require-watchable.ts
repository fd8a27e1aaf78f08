// Whoever may watch sees what runs, and how it ended. What is past is the replay's, with a right of its own and a row in the log.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import { AppError } from '#domain/errors.ts';
import type { Reader } from '#server/db/types.ts';

/** To see why it ended, with its last picture, and to write down what one saw. */
const LASTS_MINUTES = 5;

/**
 * Attack: with the least right of all, to watch, every visit of years read by its address, and no row tells of it.
 * @throws AppError `impersonation_over`, also where there is none
 */
export async function requireWatchable(
	reader: Reader,
	{ agencyId, impersonationId }: { agencyId: AgencyId; impersonationId: string }
): Promise<void> {
	const [row] = await reader.execute(sql`
		SELECT FROM impersonation WHERE id = ${impersonationId} AND agency_id = ${agencyId}
			AND (state = 'active' OR ended_at > clock_timestamp() - make_interval(mins => ${LASTS_MINUTES}::int))`);
	if (!row)
		throw new AppError(
			'impersonation_over',
			'It ended a while ago, so there is nothing to watch any more. Whoever may review finds it under Recordings.'
		);
}
