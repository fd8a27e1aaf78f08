// A right was just taken away: what rests on it ends at once, without waiting for the next sweep. The taking itself is
// committed before; should the process die in between, every request refuses already and the sweep ends it.
import { sql, type SQL } from 'drizzle-orm';
import type { EndReason } from '#domain/impersonation.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { Ender, EndRequest } from './end-impersonation.ts';

/** Whose impersonations: a staff member's, or all into one client's portal or one contact's. */
export type Resting = { staffId: StaffId } | { clientId: ClientId } | { contactId: ContactId };

export type EndResting = (agencyId: AgencyId, of: Resting) => Promise<void>;

type Dependencies = {
	db: Db;
	end(actor: Ender, request: EndRequest): Promise<boolean>;
};

function column(of: Resting): SQL {
	if ('staffId' in of) return sql`staff_id = ${of.staffId}`;
	return 'clientId' in of ? sql`client_id = ${of.clientId}` : sql`contact_id = ${of.contactId}`;
}

const REASON: EndReason = 'lost_right';

/** Ends them in the system's name; who took the right stands in the log one row above. */
export const endResting =
	({ db, end }: Dependencies): EndResting =>
	async (agencyId, of) => {
		const live = await db.execute<{ id: ImpersonationId }>(sql`SELECT id FROM impersonation
			WHERE agency_id = ${agencyId} AND state <> 'ended' AND ${column(of)}`);
		for (const { id } of live) await end(null, { impersonationId: id, reason: REASON });
	};
