// The other end of a watch: the supervisor left, lost the connection or the right, or the hub that knew died.
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { watch } from '#server/db/schema/impersonation.ts';

/** Closes a watch of the actor's agency. Closing it twice is closing it once: the log gets one row. */
export const leaveWatch =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor | SystemActor, input: { watchId: string }): Promise<void> => {
		const [found] = await db.execute<{ id: ImpersonationId; client_id: ClientId; contact_id: ContactId }>(sql`
			SELECT i.id, i.client_id, i.contact_id FROM watch w JOIN impersonation i ON i.id = w.impersonation_id
			WHERE w.id = ${input.watchId} AND w.agency_id = ${actor.agencyId} AND w.left_at IS NULL`);
		if (!found) return;
		const { id: impersonationId, client_id: clientId, contact_id: contactId } = found;
		try {
			await act(actor, { action: 'watch.left', clientId, contactId, impersonationId }, async (tx) => {
				const closed = await tx
					.update(watch)
					.set({ leftAt: sql`clock_timestamp()` })
					.where(and(eq(watch.id, input.watchId), isNull(watch.leftAt)))
					.returning({ id: watch.id });
				if (closed.length === 0) throw new AppError('conflict', 'This watch was closed already.');
				return { value: undefined, subject: { type: 'impersonation', id: impersonationId } };
			});
		} catch (error) {
			// Somebody else closed it between the two statements: it is closed and logged, which is all we wanted.
			if (!isAppError(error) || error.code !== 'conflict') throw error;
		}
	};
