// Control is given back by its holder, or by the program when their connection is gone.
import type { Origin, StaffActor, SystemActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { controlChanged, endNamedControl } from './control-rows.ts';
import { accountOf, findSession, requireRunning } from './helped-session.ts';

/** @throws AppError `not_allowed`, `impersonation_over`; `conflict` when it is over already */
export const releaseControl =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor | SystemActor,
		{ impersonationId, id, origin }: { impersonationId: string; id: string; origin?: Origin }
	): Promise<void> => {
		const row = await findSession(db, actor.agencyId, impersonationId);
		await act(actor, { action: 'control.released', ...accountOf(row), origin }, async (tx) => {
			await requireRunning(tx, row.id, true);
			const ended = await endNamedControl(tx, row.id, id);
			return {
				value: undefined,
				subject: { ...accountOf(row).subject, label: ended.name },
				details: { holder: ended.staff_id, was: ended.was },
				outbox: controlChanged(actor.agencyId, row.id)
			};
		});
	};
