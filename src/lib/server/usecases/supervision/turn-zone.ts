// A zone that was gone to opens when a second person comes and closes when they go. The rows decide at each moment by themselves;
// this puts the two moments into the log, where the replay draws the stretch between them.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import { zoneLabel } from '#domain/zones.ts';
import type { Act } from '#server/db/act.ts';
import { IS_ZONE_CALL } from '#server/db/second-person.ts';
import type { Db } from '#server/db/types.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';

export type ZoneTurn = { agencyId: AgencyId; impersonationId: ImpersonationId; isOpen: boolean };

type Found = { zone: string; clientId: ClientId; contactId: ContactId };

/** Twice is once: several hubs see the same turn. An impersonation that ended meanwhile turns no more. */
export const turnZone =
	({ act, db }: { act: Act; db: Db }) =>
	async ({ agencyId, impersonationId: id, isOpen }: ZoneTurn): Promise<void> => {
		const [found] =
			await db.execute<Found>(sql`SELECT zone, client_id AS "clientId", contact_id AS "contactId"
			FROM impersonation WHERE id = ${id} AND agency_id = ${agencyId} AND zone IS NOT NULL`);
		if (!found) return;
		const { zone, ...account } = found;
		const subject = { type: 'impersonation', id, label: zoneLabel(zone) };
		const action = isOpen ? 'impersonation.zone_unlocked' : 'impersonation.zone_locked';
		const deed = { action, ...account, impersonationId: id, subject } as const;
		await ifDifferent(act)({ kind: 'system', agencyId }, deed, async (tx) => {
			// The call is answered by coming; what somebody wrote beside it is not.
			const rows = await tx.execute(sql`UPDATE impersonation SET
				zone_open_at = ${isOpen ? sql`clock_timestamp()` : sql`NULL`},
				hand_raised_at = CASE WHEN ${isOpen} AND ${IS_ZONE_CALL} THEN NULL ELSE hand_raised_at END,
				hand_note = CASE WHEN ${isOpen} AND ${IS_ZONE_CALL} THEN NULL ELSE hand_note END
				WHERE id = ${id} AND state = 'active' AND (zone_open_at IS NULL) = ${isOpen} RETURNING id`);
			if (rows.length === 0) throw new Unchanged(undefined);
			return {
				value: undefined,
				details: { zone: zoneLabel(zone) },
				outbox: [
					{ kind: 'signal', signal: { topic: 'impersonation.changed', agencyId, impersonationId: id } }
				]
			};
		});
	};
