// What was said in an impersonation so far, for whoever comes to it: its watchers and its own pages. Rights are the hub's.
import { sql } from 'drizzle-orm';
import type { SystemActor } from '#domain/actor.ts';
import type { HelpMessage } from '#protocol/help.ts';
import type { Db } from '#server/db/types.ts';

/** As many as a person reads back. */
const MAX_MESSAGES = 200;

type Row = { id: string; at: number; staff_id: string; staff: string; action: string; text: string };

/** Oldest first; lines whose words were erased are left out. */
export const readMessages =
	({ db }: { db: Db }) =>
	async ({ agencyId }: SystemActor, input: { impersonationId: string }): Promise<HelpMessage[]> => {
		const rows = await db.execute<Row>(sql`
			SELECT d.details::jsonb ->> 'message' AS id, (extract(epoch FROM x.at) * 1000)::float8 AS at,
				x.actor_staff_id AS staff_id, s.name AS staff, x.action, d.details::jsonb ->> 'note' AS text
			FROM action x JOIN action_details d ON d.seq = x.seq JOIN staff s ON s.id = x.actor_staff_id
			WHERE x.impersonation_id = ${input.impersonationId} AND x.agency_id = ${agencyId}
				AND x.action IN ('watch.wrote', 'impersonation.wrote') AND x.outcome = 'done'
			ORDER BY x.seq DESC LIMIT ${MAX_MESSAGES}`);
		return rows
			.filter(({ id, text }) => id && text)
			.map((row) => ({
				id: row.id,
				at: row.at,
				by: { staffId: row.staff_id, name: row.staff },
				isInside: row.action === 'impersonation.wrote',
				text: row.text
			}))
			.toReversed();
	};
