// What rules found becomes a row, once for what it is raised for, and waits there to be raised.
import { sql } from 'drizzle-orm';
import { HOURLY_RULES, type FoundAlert } from '#domain/alerts.ts';
import type { Reader } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';

/** About the same person by the same rule, within an hour: what is found late may have later ones after it. */
const ofSameHour = ({ rule, staffId, at }: FoundAlert) => sql`staff_id = ${staffId} AND rule = ${rule}
	AND at > to_timestamp(${at / 1000}) - interval '1 hour' AND at < to_timestamp(${at / 1000}) + interval '1 hour'`;

/** An hour of the clock ends between two of the same: within an hour of the last one nothing is raised anew. */
const isNew = (one: FoundAlert) =>
	HOURLY_RULES.includes(one.rule) ? sql`NOT EXISTS (SELECT FROM alert WHERE ${ofSameHour(one)})` : sql`true`;

/**
 * Of an alert of the last hour it says how much it is by now, and opens it anew at twice of what was told last. Attack: twenty harmless
 * downloads first; the alert is seen to, and nobody hears of the five hundred after them.
 */
const growLast = (one: FoundAlert, isLate: boolean) => {
	const { count } = one;
	const isAgain = sql`${count}::int >= 2 * COALESCE(told, count)`;
	const unless = (column: string) => sql`CASE WHEN ${isAgain} THEN NULL ELSE ${sql.raw(column)} END`;
	return sql`UPDATE alert SET count = GREATEST(count, ${count}::int),
		told = CASE WHEN ${isAgain} THEN ${count}::int ELSE COALESCE(told, count) END, raised_at = ${unless('raised_at')},
		settled_by = ${unless('settled_by')}, settled_at = ${unless('settled_at')},
		state = CASE WHEN ${isAgain} THEN 'open' ELSE state END, note = CASE WHEN ${isAgain} THEN '' ELSE note END,
		is_late = CASE WHEN ${isAgain} THEN ${isLate}::boolean ELSE is_late END
		WHERE ${ofSameHour(one)} AND count < ${count}::int`;
};

/** Kept twice is kept once. `isLate`: its rule did not see it when it happened. */
export async function keepFound(
	reader: Reader,
	ids: Ids,
	{ agencyId, found, isLate = false }: { agencyId: string; found: readonly FoundAlert[]; isLate?: boolean }
): Promise<void> {
	for (const one of found) {
		if (HOURLY_RULES.includes(one.rule)) await reader.execute(growLast(one, isLate));
		await reader.execute(sql`
			INSERT INTO alert (id, agency_id, rule, staff_id, client_id, impersonation_id, at, count, span, is_late)
			SELECT ${ids.uuid()}::uuid, ${agencyId}::uuid, ${one.rule}, ${one.staffId}::uuid, ${one.clientId}::uuid,
				${one.impersonationId}::uuid, to_timestamp(${one.at / 1000}), ${one.count}::int, ${one.span}, ${isLate}::boolean
			WHERE ${isNew(one)}
			ON CONFLICT (staff_id, rule, span) DO NOTHING`);
	}
}
