// Whether a client's portal is open. Closing it signs its contacts out and ends who is inside; nothing is removed.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionName } from '#domain/actions.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { EndResting } from '../impersonation/end-resting.ts';
import { accountOf, lockClient, type ClientRow } from './client-fields.ts';

export const STATUS_CHANGES = ['activate', 'deactivate', 'archive', 'restore'] as const;

export const statusInput = z.object({
	clientId: z.string(),
	change: z.enum(STATUS_CHANGES),
	/** For `restore`: what the client was before it was archived. */
	to: z.enum(['active', 'inactive']).default('active')
});
export type StatusInput = z.infer<typeof statusInput>;

type Rule = { action: ActionName; from: readonly ClientRow['status'][]; to: ClientRow['status'] };

const ruleOf = ({ change, to }: StatusInput): Rule =>
	({
		activate: { action: 'client.activated', from: ['inactive'], to: 'active' } as const,
		deactivate: { action: 'client.deactivated', from: ['active'], to: 'inactive' } as const,
		archive: { action: 'client.archived', from: ['active', 'inactive'], to: 'archived' } as const,
		restore: { action: 'client.restored', from: ['archived'], to } as const
	})[change];

async function signOutContacts(tx: Tx, clientId: ClientId): Promise<void> {
	await tx.execute(
		sql`DELETE FROM contact_session t USING contact k WHERE k.id = t.user_id AND k.client_id = ${clientId}`
	);
}

/** @throws AppError `not_found`, `conflict` when it is so already or archived, the gate's refusals (logged) */
export const changeClientStatus =
	({ act, endResting }: { act: Act; endResting: EndResting }) =>
	async (actor: StaffActor, input: StatusInput, origin: Origin): Promise<{ before: ClientRow['status'] }> => {
		const { action, from, to } = ruleOf(input);
		const done = await act(actor, { action, clientId: accountOf(input.clientId), origin }, async (tx) => {
			const client = await lockClient(tx, actor, input.clientId);
			if (!from.includes(client.status))
				throw new AppError('conflict', `${client.name} is ${client.status}, so nothing was changed.`);
			await tx.execute(sql`UPDATE client SET status = ${to},
				archived_at = ${to === 'archived' ? sql`clock_timestamp()` : null} WHERE id = ${client.id}`);
			if (to !== 'active') await signOutContacts(tx, client.id);
			return {
				value: client,
				subject: { type: 'client', id: client.id, label: client.name },
				details: { before: client.status, after: to }
			};
		});
		if (to !== 'active') await endResting(actor.agencyId, { clientId: done.id });
		return { before: done.status };
	};
