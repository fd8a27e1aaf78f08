// What makes a running impersonation worth a look so far: the same rules that judge it once it is over.
import { sql } from 'drizzle-orm';
import type { SystemActor } from '#domain/actor.ts';
import { assessRisk, reviewRulesSchema, type RiskFacts } from '#domain/risk.ts';
import type { RiskReason } from '#domain/risk-words.ts';
import type { Db } from '#server/db/types.ts';

type Row = {
	started_at: number;
	rules: unknown;
	was_frozen: boolean;
	starts_before: number;
	deeds: RiskFacts['deeds'] | null;
};

/** Heaviest first; empty also where the agency has no such impersonation. */
export const readRisks =
	({ db }: { db: Db }) =>
	async ({ agencyId }: SystemActor, input: { impersonationId: string }): Promise<RiskReason[]> => {
		const [row] = await db.execute<Row>(sql`
			SELECT (extract(epoch FROM COALESCE(i.started_at, i.created_at)) * 1000)::float8 AS started_at,
				a.review_rules AS rules,
				EXISTS (SELECT FROM action f WHERE f.impersonation_id = i.id AND f.action = 'impersonation.frozen'
					AND f.outcome = 'done') AS was_frozen,
				(SELECT count(*)::int FROM impersonation o WHERE o.staff_id = i.staff_id AND o.id <> i.id
					AND o.started_at BETWEEN i.started_at - interval '1 hour' AND i.started_at) AS starts_before,
				(SELECT jsonb_agg(jsonb_build_object('action', d.action, 'outcome', d.outcome, 'count', d.count))
					FROM (SELECT x.action, x.outcome, count(*)::int FROM action x
						WHERE x.impersonation_id = i.id AND x.actor_kind = 'impersonation' AND x.action NOT LIKE 'impersonation.%'
						GROUP BY 1, 2) d) AS deeds
			FROM impersonation i JOIN agency a ON a.id = i.agency_id
			WHERE i.id = ${input.impersonationId} AND i.agency_id = ${agencyId}`);
		if (!row) return [];
		const facts: RiskFacts = {
			// Chosen by chance is a matter of the review, not of the present.
			draw: 1,
			startedAt: row.started_at,
			deeds: row.deeds ?? [],
			// While it runs nobody knows what is still on its way.
			isIncomplete: false,
			wasStopped: row.was_frozen,
			startsBefore: row.starts_before
		};
		return assessRisk(facts, reviewRulesSchema.parse(row.rules)).reasons;
	};
