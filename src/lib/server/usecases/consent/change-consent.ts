// The client's standing choice: whenever there is a reason, only when asked each time, or nobody.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import { requireOwner } from './require-owner.ts';
import type { WhoMayCome } from './read-consent.ts';

export const choiceInput = z.object({
	who: z.enum(['open', 'asked', 'closed'], 'Choose who may come in.') satisfies z.ZodType<WhoMayCome>
});

/** @throws AppError `not_allowed` for those who are no owner or where the policy forbids it, `forbidden` while impersonating */
export const changeConsent =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, { who }: z.infer<typeof choiceInput>, origin: Origin): Promise<void> => {
		const subject = { type: 'client', id: actor.clientId };
		await act(actor, { action: 'consent.changed', subject, origin }, async (tx) => {
			const policy = await requireOwner(tx, actor);
			if (who === 'closed' && !policy.clientMayOptOut)
				throw new AppError('not_allowed', 'Your agency does not offer to opt out. Talk to them.');
			const [before] = await tx.execute<{ who: WhoMayCome }>(sql`
				SELECT CASE WHEN opted_out THEN 'closed' WHEN requires_grant THEN 'asked' ELSE 'open' END AS who
				FROM client WHERE id = ${actor.clientId}`);
			await tx.execute(sql`
				UPDATE client SET opted_out = ${who === 'closed'}, requires_grant = ${who === 'asked'}
				WHERE id = ${actor.clientId} AND agency_id = ${actor.agencyId}`);
			return { value: undefined, details: { before: before?.who ?? null, after: who } };
		});
	};
