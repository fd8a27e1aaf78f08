// Rules that were let go of are remembered with what they were, so that a rule that is taken up again can look at what it did not see.
import { sql } from 'drizzle-orm';
import { slackened, tightened, type AlertSettings } from '#domain/alert-slack.ts';
import type { Tx } from '#server/db/types.ts';

const listed = (names: readonly string[]) =>
	sql`(SELECT jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb))`;

/**
 * Within the change of the rules, which holds the agency's row. What the log holds beyond the place up to which it was gone through will be
 * judged by the new rules, so that is when they begin to count.
 */
export async function noteSlack(
	tx: Tx,
	agencyId: string,
	{ before, after }: { before: AlertSettings; after: AlertSettings }
): Promise<void> {
	const loose = slackened(before, after);
	// Kept as it was first; touched all the same, so that it waits for whoever is looking right now and may take the row away.
	if (loose.length > 0)
		await tx.execute(sql`
			INSERT INTO alert_slack (agency_id, rule, since, was)
			SELECT ${agencyId}::uuid, rule, COALESCE((SELECT x.at FROM action x WHERE x.agency_id = ${agencyId}
					AND x.seq > COALESCE((SELECT c.seq FROM alert_cursor c WHERE c.agency_id = ${agencyId}), 0) ORDER BY x.seq LIMIT 1),
				clock_timestamp()), ${JSON.stringify(before)}::text::jsonb
			FROM ${listed(loose)} AS loose(rule)
			ON CONFLICT (agency_id, rule) DO UPDATE SET rule = excluded.rule`);
	const tight = tightened(before, after);
	if (tight.length > 0)
		await tx.execute(
			sql`UPDATE alert_slack SET is_due = true WHERE agency_id = ${agencyId} AND rule IN ${listed(tight)}`
		);
}
