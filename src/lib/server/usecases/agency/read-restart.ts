// What a Restart begins with: the impersonation before it, only its own staff member's and only of this client.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { localPath } from '#domain/local-path.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { Db } from '#server/db/types.ts';

export type Restart = {
	impersonationId: string;
	contactId: string;
	mode: Mode;
	reason: Reason;
	details: string;
	ticket: string;
	/** Path in the portal of the page last looked at. */
	enterAt: string;
	/** It still runs: starting anew ends it. */
	isRunning: boolean;
};

/** @returns null for another person's or another client's: an address typed by hand just opens an empty dialog */
export const readRestart =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string, impersonationId: string): Promise<Restart | null> => {
		if (!isUuid(clientId) || !isUuid(impersonationId)) return null;
		const [row] = await db.execute<Omit<Restart, 'enterAt'> & { address: string | null }>(sql`
			SELECT i.id AS "impersonationId", i.contact_id AS "contactId", i.mode, i.reason, i.details,
				COALESCE(i.ticket, '') AS ticket, i.state <> 'ended' AS "isRunning",
				(SELECT g.address FROM page g WHERE g.impersonation_id = i.id
					ORDER BY COALESCE(g.last_event_at, g.opened_at) DESC LIMIT 1) AS address
			FROM impersonation i WHERE i.id = ${impersonationId} AND i.client_id = ${clientId}
				AND i.agency_id = ${actor.agencyId} AND i.staff_id = ${actor.staffId}`);
		if (!row) return null;
		const { address, ...rest } = row;
		// The recorder reports addresses; one that is no path of the portal must not become a place to enter.
		return { ...rest, enterAt: localPath(address, '/') };
	};
