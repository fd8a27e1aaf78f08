// Lets go of bookkeeping beside recordings: alerts that somebody saw to, once what they lead to is gone, and lists of what was erased
// together. The log keeps that they were, and what became of each; open alerts stay. How much went is a row of the log.
import { sql, type SQL } from 'drizzle-orm';
import { LATE_DAYS } from '#domain/alert-slack.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { keptDays } from './kept-days.ts';
import { NOT_HELD } from './require-free.ts';

type Deps = { db: Db; act: Act; installationDays: number };

/** Of each kind, in one transaction; the next run goes on. */
const RUN = 1_000;

/**
 * Counted from when somebody saw to it. Never sooner than a rule that is taken up again looks back: it would find the same anew, and
 * people would be told of what they saw to.
 */
const oldAlerts = (days: number): SQL => sql`
	SELECT x.id, x.agency_id, x.settled_at FROM alert x JOIN agency a ON a.id = x.agency_id
	LEFT JOIN client c ON c.id = x.client_id LEFT JOIN impersonation i ON i.id = x.impersonation_id
	WHERE x.settled_at < now() - make_interval(days => GREATEST(${keptDays(days)}, ${LATE_DAYS + 1}::int))
		AND (i.id IS NULL OR i.erased_at IS NOT NULL)
		AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = x.client_id)`;

const oldErasures = (days: number): SQL => sql`
	SELECT e.id, e.agency_id FROM erasure e JOIN agency a ON a.id = e.agency_id
	WHERE e.ended_at < now() - make_interval(days => COALESCE(a.recording_days, ${days}::int))
		AND NOT EXISTS (SELECT FROM erasure_item t JOIN impersonation i ON i.id = t.impersonation_id
			WHERE t.erasure_id = e.id AND NOT (${NOT_HELD}))`;

/** One that is opened again meanwhile stays. */
const removeAlerts = (tx: Tx, due: SQL) =>
	tx.execute(sql`
		DELETE FROM alert x USING (${due} LIMIT ${RUN}) AS old WHERE x.id = old.id AND x.settled_at = old.settled_at`);

const removeErasures = (tx: Tx, due: SQL) =>
	tx.execute(sql`
		WITH old AS MATERIALIZED (${due} LIMIT ${RUN}),
			items AS (DELETE FROM erasure_item t USING old WHERE t.erasure_id = old.id)
		DELETE FROM erasure e USING old WHERE e.id = old.id`);

const counted = (count: number, one: string, many: string): string[] =>
	count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

function expireOf({ act, installationDays: days }: Deps, agencyId: AgencyId): Promise<number> {
	const deed = { action: 'recordings.records_expired' } as const;
	return ifDifferent(act)({ kind: 'system', agencyId }, deed, async (tx) => {
		// In the order in which erasing a client touches them.
		const lists = await removeErasures(tx, sql`${oldErasures(days)} AND e.agency_id = ${agencyId}`);
		const seen = await removeAlerts(tx, sql`${oldAlerts(days)} AND x.agency_id = ${agencyId}`);
		const [alerts, erasures] = [seen.count, lists.count];
		if (alerts + erasures === 0) throw new Unchanged(0);
		const what = [
			...counted(alerts, 'settled alert', 'settled alerts'),
			...counted(erasures, 'list of erasures', 'lists of erasures')
		].join(' and ');
		return {
			value: alerts + erasures,
			subject: { type: 'agency', id: agencyId, label: what },
			details: { alerts, erasures }
		};
	});
}

/** @returns how many alerts and lists went */
export const expireRecords = (deps: Deps) => async (): Promise<number> => {
	const { db, installationDays: days } = deps;
	const agencies = await db.execute<{ id: AgencyId }>(sql`
		SELECT DISTINCT agency_id AS id FROM (SELECT agency_id FROM (${oldAlerts(days)}) AS old
			UNION ALL SELECT agency_id FROM (${oldErasures(days)}) AS old) AS due`);
	let gone = 0;
	// One agency that fails holds up no other; what is wrong is said by the job.
	const faults: unknown[] = [];
	for (const { id } of agencies)
		try {
			gone += await expireOf(deps, id);
		} catch (fault) {
			faults.push(fault);
		}
	if (faults.length > 0)
		throw new AggregateError(faults, `Records of ${faults.length} agencies could not be removed.`);
	return gone;
};
