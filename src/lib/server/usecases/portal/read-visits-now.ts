// Who of the agency is inside at this moment, for the contact whose portal it is, and the row that will stand in Access
// history. Told only where the policy tells clients; what they find when they look is read-access-history.ts.
import { sql } from 'drizzle-orm';
import type { ClientActor } from '#domain/actor.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import {
	FACT_COLUMNS,
	FACT_TABLES,
	toFacts,
	visitsOf,
	type AccessFacts,
	type FactRow
} from './access-rows.ts';

export type VisitNow = AccessFacts;

/** The newest first. */
export const readVisitsNow =
	({ db }: { db: Db }) =>
	async (actor: ClientActor, view: PortalView): Promise<VisitNow[]> => {
		if (!may('access-history', view, 'see')) return [];
		const rows = await db.execute<FactRow>(sql`
			SELECT ${FACT_COLUMNS} FROM ${FACT_TABLES} JOIN agency g ON g.id = i.agency_id
			WHERE ${visitsOf(actor, view)} AND i.state = 'active' AND i.expires_at > clock_timestamp()
				AND coalesce((g.policy ->> 'tellClient')::boolean, true)
			ORDER BY i.started_at DESC, i.id`);
		return rows.map(toFacts);
	};
