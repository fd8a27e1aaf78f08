// Control ends: given back by the holder or by the program when their connection is gone, or taken back by the one inside.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { controlChanged, endControl } from './control-rows.ts';
import { accountOf, findSession, insideActor, requireRunning, type Inside } from './helped-session.ts';

type Deps = { act: Act; db: Db };

const NONE = 'Nobody has control any more.';

/** Of the control named only: by then somebody else may have it. @throws AppError `conflict` when it is over already */
export const releaseControl =
	({ act, db }: Deps) =>
	async (
		actor: StaffActor | SystemActor,
		{ impersonationId, id, origin }: { impersonationId: string; id: string; origin?: Origin }
	): Promise<void> => {
		const row = await findSession(db, actor.agencyId, impersonationId);
		await act(actor, { action: 'control.released', ...accountOf(row), origin }, async (tx) => {
			await requireRunning(tx, row.id, true);
			const ended = await endControl(tx, row.id, id);
			if (!ended) throw new AppError('conflict', NONE);
			return {
				value: undefined,
				subject: { ...accountOf(row).subject, label: ended.name },
				details: { holder: ended.staff_id, was: ended.was },
				outbox: controlChanged(actor.agencyId, row.id)
			};
		});
	};

/** @throws AppError `impersonation_over`; `conflict` when it is over already */
export const takeControlBack =
	({ act, db }: Deps) =>
	async (inside: Inside, { id }: { id: string }): Promise<void> => {
		const row = await findSession(db, inside.agencyId, inside.impersonationId);
		await act(insideActor(row, inside), { action: 'impersonation.control_taken' }, async (tx) => {
			await requireRunning(tx, row.id, true);
			const ended = await endControl(tx, row.id, id);
			if (!ended) throw new AppError('conflict', NONE);
			// Attack, and mishap: what they do themselves right after it, named as the holder's.
			await tx.execute(sql`UPDATE control SET ordered_at = NULL WHERE id = ${id}`);
			return {
				value: undefined,
				subject: { ...accountOf(row).subject, label: ended.name },
				details: { holder: ended.staff_id },
				outbox: controlChanged(inside.agencyId, row.id)
			};
		});
	};
