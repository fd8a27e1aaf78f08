// Puts a client on hold, or releases it: an action with the reason. While it is held nothing of the client is erased by anybody.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import { accountOf, lockClient } from '../clients/client-fields.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { keptDays } from './kept-days.ts';
import { requireNoneOwn } from './require-free.ts';

const MAX_REASON = 300;

export const clientHoldInput = z.object({
	what: z.enum(['hold', 'release']),
	reason: z
		.string()
		.trim()
		.min(5, 'Say why in a few words: the reason stands in the log.')
		.max(MAX_REASON, `Say it in at most ${MAX_REASON} characters.`)
});

type Asked = z.infer<typeof clientHoldInput> & { clientId: string };

/**
 * @returns false when it was so already
 * @throws AppError `not_found`; `not_allowed` (logged) without the permission `erase`, and where recordings of the actor's own would go
 */
export const holdClient =
	({ act, installationDays }: { act: Act; installationDays: number }) =>
	(actor: StaffActor, { clientId, what, reason }: Asked, origin: Origin): Promise<boolean> => {
		const action = what === 'hold' ? 'client.held' : 'client.hold_released';
		const deed = { action, clientId: accountOf(clientId), origin } as const;
		return ifDifferent(act)(actor, deed, async (tx) => {
			const client = await lockClient(tx, actor, clientId);
			if (what === 'release') {
				const which = sql`i.client_id = ${client.id}`;
				await requireNoneOwn(tx, actor, {
					which,
					days: keptDays(installationDays),
					what: 'release the client'
				});
			}
			const changed =
				what === 'hold'
					? await tx.execute(sql`
						INSERT INTO client_hold (client_id, agency_id, held_by, reason)
						VALUES (${client.id}, ${actor.agencyId}, ${actor.staffId}, ${reason})
						ON CONFLICT (client_id) DO NOTHING RETURNING client_id`)
					: await tx.execute(sql`DELETE FROM client_hold WHERE client_id = ${client.id} RETURNING client_id`);
			if (changed.length === 0) throw new Unchanged(false);
			const subject = { type: 'client', id: client.id, label: client.name };
			return { value: true, subject, details: { reason } };
		});
	};
