// A moderator asks to steer the recorded page: one for each impersonation and one of each moderator, until it is answered, runs out or
// is over.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { askedUntil, controlChanged } from './control-rows.ts';
import { accountOf, findSession, requireOther, requireRunning } from './helped-session.ts';

export type AskControl = { impersonationId: string; hubId: string; origin: Origin };

/** Attack: the same question again and again, until a click that was meant for something else says yes. */
const AFTER_NO_SECONDS = 20;

async function requireNotDeclined(tx: Tx, impersonationId: string, { staffId }: StaffActor): Promise<void> {
	const [declined] = await tx.execute(sql`SELECT FROM action a JOIN action_details d ON d.seq = a.seq
		WHERE a.impersonation_id = ${impersonationId} AND a.action = 'impersonation.control_declined' AND a.outcome = 'done'
			AND a.at > clock_timestamp() - make_interval(secs => ${AFTER_NO_SECONDS})
			AND d.details::json ->> 'holder' = ${staffId}`);
	if (declined) throw new AppError('too_many', 'Control was just declined. Wait before you ask again.');
}

/**
 * Returns the control's id.
 * @throws AppError `not_allowed`: no permission `supervise` (logged), no such impersonation here, or the own one; `impersonation_over`;
 * `frozen` (logged); `too_many` just after a no to the actor; `conflict` while somebody else asks or steers here, or the actor elsewhere
 */
export const askControl =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (actor: StaffActor, { impersonationId, hubId, origin }: AskControl): Promise<string> => {
		const row = await findSession(db, actor.agencyId, impersonationId);
		const id = ids.uuid();
		return act(actor, { action: 'control.asked', ...accountOf(row), origin }, async (tx) => {
			requireOther(row, actor);
			await requireRunning(tx, row.id, true);
			const [frozen] = await tx.execute(
				sql`SELECT FROM impersonation WHERE id = ${row.id} AND frozen_at IS NOT NULL`
			);
			if (frozen) throw new AppError('frozen', 'It is frozen. Release it before you take control.');
			await requireNotDeclined(tx, row.id, actor);
			// One that was held and lapsed stays until its end is in the log (keepControls): deleted here, it would have no row.
			await tx.execute(sql`DELETE FROM control WHERE state <> 'held' AND
				(impersonation_id = ${row.id} OR staff_id = ${actor.staffId}) AND until <= clock_timestamp()`);
			const made = await tx.execute(sql`
				INSERT INTO control (id, agency_id, impersonation_id, staff_id, staff_session_id, hub_id, state, until)
				VALUES (${id}, ${actor.agencyId}, ${row.id}, ${actor.staffId}, ${actor.sessionId}, ${hubId}, 'asked', ${askedUntil})
				ON CONFLICT DO NOTHING RETURNING id`);
			if (made.length === 0)
				throw new AppError(
					'conflict',
					'Somebody has control already, or you have it in another session. Try again in a moment.'
				);
			return { value: id, outbox: controlChanged(actor.agencyId, row.id) };
		});
	};
