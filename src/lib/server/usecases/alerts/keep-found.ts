// What rules found becomes a row, once for what it is raised for, and waits there to be raised.
import { sql } from 'drizzle-orm';
import { HOURLY_RULES, type FoundAlert } from '#domain/alerts.ts';
import type { Reader } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';

/** An hour of the clock ends between two of the same: within an hour of the last one nothing is raised anew. */
const ofLastHour = ({ rule, staffId, at }: FoundAlert) =>
	HOURLY_RULES.includes(rule)
		? sql`NOT EXISTS (SELECT FROM alert x WHERE x.staff_id = ${staffId} AND x.rule = ${rule}
			AND x.at > to_timestamp(${at / 1000}) - interval '1 hour')`
		: sql`true`;

/** Kept twice is kept once. */
export async function keepFound(
	reader: Reader,
	ids: Ids,
	agencyId: string,
	found: readonly FoundAlert[]
): Promise<void> {
	for (const one of found)
		await reader.execute(sql`
			INSERT INTO alert (id, agency_id, rule, staff_id, client_id, impersonation_id, at, count, span)
			SELECT ${ids.uuid()}::uuid, ${agencyId}::uuid, ${one.rule}, ${one.staffId}::uuid, ${one.clientId}::uuid,
				${one.impersonationId}::uuid, to_timestamp(${one.at / 1000}), ${one.count}::int, ${one.span}
			WHERE ${ofLastHour(one)}
			ON CONFLICT (staff_id, rule, span) DO NOTHING`);
}
