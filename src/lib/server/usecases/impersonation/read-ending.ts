// What the end page tells: how long it was, what was looked at and done, and where to go back to.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ImpersonationId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';

export type Ending = {
	clientId: ClientId;
	/** Path on the agency host. */
	returnTo: string;
	durationMs: number;
	views: number;
	actions: { action: string; outcome: 'done' | 'refused'; count: number }[];
};

/** @returns null when the agency has no such impersonation */
export const readEnding =
	({ db }: { db: Db }) =>
	async (agencyId: AgencyId, id: ImpersonationId): Promise<Ending | null> => {
		const [row] = await db.execute<{
			client_id: ClientId;
			return_to: string;
			ms: string;
			views: number;
			actions: Ending['actions'] | null;
		}>(sql`
			SELECT i.client_id, i.return_to,
				(extract(epoch FROM coalesce(i.ended_at, clock_timestamp()) - coalesce(i.started_at, i.created_at)) * 1000)::bigint AS ms,
				(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id) AS views,
				(SELECT json_agg(json_build_object('action', t.action, 'outcome', t.outcome, 'count', t.n) ORDER BY t.first)
					FROM (SELECT action, outcome, count(*)::int AS n, min(seq) AS first FROM action
						WHERE impersonation_id = i.id AND actor_kind = 'impersonation' AND action NOT LIKE 'impersonation.%'
						GROUP BY action, outcome) t) AS actions
			FROM impersonation i WHERE i.id = ${id} AND i.agency_id = ${agencyId}`);
		if (!row) return null;
		return {
			clientId: row.client_id,
			returnTo: row.return_to,
			durationMs: Number(row.ms),
			views: row.views,
			actions: row.actions ?? []
		};
	};
