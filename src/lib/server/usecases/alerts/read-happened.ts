// Rows of an agency's log, as alert rules see them.
import { sql, type SQL } from 'drizzle-orm';
import { ALERTING_ACTIONS, BLAMELESS_REFUSALS, ENTERED, type Happened } from '#domain/alerts.ts';
import type { Tx } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';

export const listed = (names: readonly string[]) =>
	sql`ANY(ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb)))`;

export type HappenedRow = Happened & { seq: string };

/** In their order, of whoever acted: by control that is the holder, as far as the log names them. `within` is SQL over action `a`. */
export const readHappened = (tx: Tx, agencyId: string, { within, limit }: { within: SQL; limit: number }) =>
	tx.execute<HappenedRow>(sql`
		SELECT a.seq::text AS seq, ${ms('a.at')} AS at, a.action, a.outcome, COALESCE(x.details::json -> 'steeredBy' ->> 'staffId', a.actor_staff_id::text) AS "staffId",
			a.client_id AS "clientId", a.impersonation_id AS "impersonationId",
			CASE WHEN a.action = ${ENTERED} THEN (SELECT count(DISTINCT i.client_id)::int FROM impersonation i
				WHERE i.staff_id = a.actor_staff_id AND i.started_at > a.at - interval '1 hour' AND i.started_at <= a.at)
			ELSE 0 END AS clients
		FROM action a LEFT JOIN action_details x ON x.seq = a.seq
		WHERE a.agency_id = ${agencyId} AND a.actor_staff_id IS NOT NULL AND ${within}
			AND CASE a.outcome WHEN 'refused' THEN NOT a.refusal = ${listed(BLAMELESS_REFUSALS)}
				ELSE a.action = ${listed(ALERTING_ACTIONS)} END
		ORDER BY a.seq LIMIT ${limit}`);
