// The one inside takes control of their page back, whoever has it or asks for it.
import { sql } from 'drizzle-orm';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { controlChanged, endNamedControl } from './control-rows.ts';
import { accountOf, findSession, insideActor, requireRunning, type Inside } from './helped-session.ts';

/** @throws AppError `impersonation_over`; `conflict` when it is over already */
export const takeControlBack =
	({ act, db }: { act: Act; db: Db }) =>
	async (inside: Inside, { id }: { id: string }): Promise<void> => {
		const row = await findSession(db, inside.agencyId, inside.impersonationId);
		await act(insideActor(row, inside), { action: 'impersonation.control_taken' }, async (tx) => {
			await requireRunning(tx, row.id, true);
			const ended = await endNamedControl(tx, row.id, id);
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
