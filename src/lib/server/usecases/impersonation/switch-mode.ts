// Switch to Act, Switch to View: the same impersonation, an action of its own.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor, Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { mayDoNow } from '#domain/impersonation.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import type { Act } from '#server/db/act.ts';
import { readStanding } from '#server/db/standing.ts';

type Asked = {
	origin: Origin;
	/** By a tab of another impersonation, which shows another account than the one it would let change. */
	isStale: boolean;
};

/** @throws AppError `frozen`, `not_allowed`, `no_recorder`, `impersonation_over` (all logged) */
export const switchMode =
	({ act }: { act: Act }) =>
	async (actor: ImpersonationActor, mode: Mode, { origin, isStale }: Asked): Promise<void> =>
		act(actor, { action: 'impersonation.mode_changed', origin }, async (tx) => {
			if (isStale) throw new AppError('no_recorder', 'This tab belongs to another impersonation. Reload it.');
			// Held alone from the start: two tabs that each shared it first would wait for each other for ever.
			await tx.execute(sql`SELECT FROM impersonation WHERE id = ${actor.impersonationId} FOR NO KEY UPDATE`);
			const standing = await readStanding(tx, actor, true);
			const verdict = mayDoNow({ kind: 'disclosure', sensitivity: 'normal', mayDraft: false }, standing);
			if (!verdict.allowed) throw new AppError(verdict.code, verdict.sentence);
			if (mode === 'act' && standing.viewOnlyBy !== null)
				throw new AppError(
					'not_allowed',
					`${standing.viewOnlyBy} set this session to View only. Ask them to allow Act again.`
				);
			if (mode === 'act' && !standing.staffMayAct)
				throw new AppError('not_allowed', 'You may look but not change things here.');
			await tx.execute(
				sql`UPDATE impersonation SET mode = ${mode} WHERE id = ${actor.impersonationId} AND state = 'active'`
			);
			return {
				value: undefined,
				details: { mode },
				outbox: [
					{
						kind: 'signal',
						signal: {
							topic: 'impersonation.changed',
							agencyId: actor.agencyId,
							impersonationId: actor.impersonationId
						}
					}
				]
			};
		});
