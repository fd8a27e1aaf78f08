// Watching is itself an action: it is logged under the client's account before anything is shown [V3].
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { watch } from '#server/db/schema/impersonation.ts';
import type { Ids } from '#server/ports/ids.ts';

/**
 * Opens a watch of a running impersonation of the actor's own agency and returns its id.
 * @throws AppError `not_allowed`: no permission, or no such impersonation here; `impersonation_over`
 */
export const joinWatch =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; hubId: string; origin?: Origin }
	): Promise<string> => {
		const [found] = await db.execute<{ id: ImpersonationId; client_id: ClientId; contact_id: ContactId }>(sql`
			SELECT id, client_id, contact_id FROM impersonation
			WHERE id = ${input.impersonationId} AND agency_id = ${actor.agencyId}`);
		// The same answer for another agency's as for none, so that ids cannot be probed.
		if (!found) throw new AppError('not_allowed', 'There is no such impersonation.');
		const { id: impersonationId, client_id: clientId, contact_id: contactId } = found;
		const watchId = ids.uuid();
		return act(
			actor,
			{ action: 'watch.joined', clientId, contactId, impersonationId, origin: input.origin },
			async (tx) => {
				const [row] = await tx.execute(
					sql`SELECT FROM impersonation WHERE id = ${impersonationId} AND state = 'active' FOR SHARE`
				);
				if (!row) throw new AppError('impersonation_over', 'This impersonation is over.');
				await tx.insert(watch).values({
					id: watchId,
					agencyId: actor.agencyId,
					impersonationId,
					staffId: actor.staffId,
					hubId: input.hubId
				});
				return { value: watchId, subject: { type: 'impersonation', id: impersonationId } };
			}
		);
	};
