// The call for help: raised and taken back by the one inside, answered by a helper. It stands in the impersonation's own row, so
// that every hub, the wall and a page that comes later know of it.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ImpersonationId } from '#domain/ids.ts';
import type { Act, Done } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import {
	accountOf,
	findSession,
	insideActor,
	requireOther,
	requireRunning,
	type Inside
} from './helped-session.ts';

type Deps = { act: Act; db: Db };

const told = (agencyId: AgencyId, impersonationId: ImpersonationId): Done<undefined>['outbox'] => [
	{ kind: 'signal', signal: { topic: 'impersonation.changed', agencyId, impersonationId } }
];

async function lower(tx: Tx, id: ImpersonationId): Promise<void> {
	const rows = await tx.execute(sql`UPDATE impersonation SET hand_raised_at = NULL, hand_note = NULL
		WHERE id = ${id} AND hand_raised_at IS NOT NULL RETURNING id`);
	if (rows.length === 0) throw new AppError('conflict', 'Nobody asks for help here any more.');
}

/**
 * Raises the hand with a sentence, or takes it back. Raised again it says the new sentence.
 * @throws AppError `impersonation_over`; `conflict` when there is none to take back
 */
export const raiseHand =
	({ act, db }: Deps) =>
	async (inside: Inside, { isRaised, note }: { isRaised: boolean; note: string }): Promise<void> => {
		const row = await findSession(db, inside.agencyId, inside.impersonationId);
		const action = isRaised ? 'impersonation.hand_raised' : 'impersonation.hand_lowered';
		const words = note.replaceAll('\u0000', '').toWellFormed();
		await act(insideActor(row, inside), { action }, async (tx) => {
			await requireRunning(tx, row.id, true);
			if (isRaised)
				await tx.execute(sql`UPDATE impersonation SET hand_raised_at = COALESCE(hand_raised_at, clock_timestamp()),
					hand_note = ${words} WHERE id = ${row.id}`);
			else await lower(tx, row.id);
			return {
				value: undefined,
				subject: accountOf(row).subject,
				details: isRaised && words !== '' ? { note: words } : {},
				outbox: told(inside.agencyId, row.id)
			};
		});
	};

/**
 * A helper has seen to it.
 * @throws AppError `not_allowed`: no permission `assist` (logged), no such impersonation here, or the own one; `conflict`
 */
export const answerHand =
	({ act, db }: Deps) =>
	async (actor: StaffActor, input: { impersonationId: string; origin: Origin }): Promise<void> => {
		const row = await findSession(db, actor.agencyId, input.impersonationId);
		const deed = { action: 'watch.answered', ...accountOf(row), origin: input.origin } as const;
		await act(actor, deed, async (tx) => {
			requireOther(row, actor);
			await requireRunning(tx, row.id, true);
			await lower(tx, row.id);
			return { value: undefined, outbox: told(actor.agencyId, row.id) };
		});
	};
