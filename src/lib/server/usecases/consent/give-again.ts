// A permission that was withdrawn by mistake runs again, with its old end. Whoever was inside because of it stays out:
// that visit ended.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Act } from '#server/db/act.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { requireOwner } from './require-owner.ts';

/** SQL, of `consent_grant o`: withdrawn a moment ago, and it would run still. */
export const WITHDRAWN_LATELY = sql`o.withdrawn_at > clock_timestamp() - make_interval(mins => ${UNDO_MINUTES})
	AND o.until > clock_timestamp()`;

/** @throws AppError `not_allowed` for those who are no owner, `forbidden` while impersonating (both logged), `conflict` */
export const giveConsentAgain =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, grantId: string, origin: Origin): Promise<void> => {
		const id = requireId<string>(grantId, 'permission');
		const subject = { type: 'client', id: actor.clientId };
		await act(actor, { action: 'consent.granted', subject, origin }, async (tx) => {
			await requireOwner(tx, actor);
			const [row] = await tx.execute<{ until: string }>(sql`
				UPDATE consent_grant o SET withdrawn_at = NULL, withdrawn_by = NULL, granted_by = ${actor.contactId},
					granted_at = clock_timestamp()
				WHERE o.id = ${id} AND ${ownRows(actor, 'o')} AND ${WITHDRAWN_LATELY}
				RETURNING to_char(o.until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS until`);
			if (!row)
				throw new AppError('conflict', 'This can not be taken back any more. Allow it for a time instead.');
			return { value: undefined, details: { until: row.until, again: true } };
		});
	};
