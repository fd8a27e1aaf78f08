// The one inside lets a moderator steer, or does not.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { controlChanged, endControl, heldUntil } from './control-rows.ts';
import { accountOf, findSession, insideActor, requireRunning, type Inside } from './helped-session.ts';

export type ControlAnswered = { id: string; isGranted: boolean };

type Asked = { staff_id: string; name: string };

async function grant(tx: Tx, impersonationId: string, id: string): Promise<Asked | null> {
	const [row] =
		await tx.execute<Asked>(sql`UPDATE control SET state = 'held', until = ${heldUntil} FROM staff s
		WHERE control.id = ${id} AND impersonation_id = ${impersonationId} AND state = 'asked' AND until > clock_timestamp()
			AND s.id = control.staff_id
			AND EXISTS (SELECT FROM impersonation i WHERE i.id = control.impersonation_id AND i.frozen_at IS NULL)
		RETURNING s.id AS staff_id, s.name`);
	return row ?? null;
}

/** @throws AppError `impersonation_over`; `conflict` when the request ran out, was taken back, or it is frozen by now */
export const answerControl =
	({ act, db }: { act: Act; db: Db }) =>
	async (inside: Inside, { id, isGranted }: ControlAnswered): Promise<void> => {
		const row = await findSession(db, inside.agencyId, inside.impersonationId);
		const action = isGranted ? 'impersonation.control_given' : 'impersonation.control_declined';
		await act(insideActor(row, inside), { action }, async (tx) => {
			await requireRunning(tx, row.id, true);
			const asker = isGranted ? await grant(tx, row.id, id) : await endControl(tx, row.id, id);
			if (!asker) throw new AppError('conflict', 'The request ran out or was taken back.');
			if (isGranted)
				await tx.execute(sql`INSERT INTO control_holder (impersonation_id, staff_id) VALUES (${row.id}, ${asker.staff_id})
					ON CONFLICT DO NOTHING`);
			return {
				value: undefined,
				subject: { ...accountOf(row).subject, label: asker.name },
				details: { holder: asker.staff_id },
				outbox: controlChanged(inside.agencyId, row.id)
			};
		});
	};
