// Whether a contact may sign in. Taking it away signs them out and ends whoever impersonates them; nothing is removed.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ContactId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { EndResting } from '../impersonation/end-resting.ts';
import { accountOf, lockClient, requireNotArchived } from './client-fields.ts';
import { lockContact } from './lock-contact.ts';

export const contactStateInput = z.object({
	clientId: z.string(),
	contactId: z.string(),
	active: z.stringbool()
});
export type ContactStateInput = z.infer<typeof contactStateInput>;

type Dependencies = { act: Act; endResting: EndResting };

/** @throws AppError `not_found`, `conflict` for the owner or when it is so already, the gate's refusals (logged) */
export const changeContactState =
	({ act, endResting }: Dependencies) =>
	async (actor: StaffActor, { clientId, contactId, active }: ContactStateInput, origin: Origin) => {
		const action = active ? 'contact.restored' : 'contact.removed';
		const id = await act(actor, { action, clientId: accountOf(clientId), origin }, async (tx) => {
			const client = await lockClient(tx, actor, clientId);
			requireNotArchived(client);
			const contact = await lockContact(tx, client, contactId);
			if (contact.active === active)
				throw new AppError('conflict', `${contact.name} is ${active ? 'active' : 'deactivated'} already.`);
			if (contact.isOwner && !active)
				throw new AppError(
					'conflict',
					`${contact.name} owns the account. Make somebody else its owner first.`
				);
			await tx.execute(
				sql`UPDATE contact SET active = ${active}, updated_at = clock_timestamp() WHERE id = ${contact.id}`
			);
			if (!active) {
				await tx.execute(sql`DELETE FROM contact_session WHERE user_id = ${contact.id}`);
				// An open invitation would be a way back in.
				await tx.execute(sql`UPDATE invitation SET expires_at = clock_timestamp()
					WHERE contact_id = ${contact.id} AND used_at IS NULL AND expires_at > clock_timestamp()`);
			}
			const value: ContactId = contact.id;
			return { value, subject: { type: 'contact', id: contact.id, label: contact.name } };
		});
		if (!active) await endResting(actor.agencyId, { contactId: id });
	};
