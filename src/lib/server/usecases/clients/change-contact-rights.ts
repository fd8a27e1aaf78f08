// What a contact may see in the portal, and who of a client's people is its owner. Acts at their next request.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { accountOf, contactRights, lockClient, type ClientRow } from './client-fields.ts';
import { lockContact, type LockedContact } from './lock-contact.ts';

export const contactRightsInput = z.object({
	clientId: z.string(),
	contactId: z.string(),
	rights: contactRights,
	/** Hands the ownership over; the former owner keeps every right, by name. */
	makeOwner: z.stringbool().default(false)
});
export type ContactRightsInput = z.infer<typeof contactRightsInput>;

const ALL = JSON.stringify(CONTACT_RIGHTS);

async function handOver(tx: Tx, client: ClientRow, contact: LockedContact): Promise<void> {
	if (!contact.active)
		throw new AppError('conflict', `${contact.name} is deactivated and cannot own the account.`);
	// One owner at every moment: the index would refuse two, so the former steps down first.
	await tx.execute(sql`UPDATE contact SET is_owner = false,
		rights = ARRAY(SELECT jsonb_array_elements_text(${ALL}::jsonb)) WHERE client_id = ${client.id} AND is_owner`);
	await tx.execute(sql`UPDATE contact SET is_owner = true WHERE id = ${contact.id}`);
}

/** @throws AppError `not_found`, `conflict`, the gate's refusals (logged) */
export const changeContactRights =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: ContactRightsInput, origin: Origin): Promise<void> => {
		const deed = { action: 'contact.rights_changed', clientId: accountOf(input.clientId), origin } as const;
		await act(actor, deed, async (tx) => {
			const client = await lockClient(tx, actor, input.clientId);
			const contact = await lockContact(tx, client, input.contactId);
			if (contact.isOwner && !input.makeOwner)
				throw new AppError('conflict', `${contact.name} owns the account and holds every right.`);
			if (input.makeOwner && !contact.isOwner) await handOver(tx, client, contact);
			const rights = input.makeOwner ? [...CONTACT_RIGHTS] : input.rights;
			await tx.execute(sql`UPDATE contact SET rights = ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(rights)}::jsonb)),
				updated_at = clock_timestamp() WHERE id = ${contact.id}`);
			return {
				value: undefined,
				subject: { type: 'contact', id: contact.id, label: contact.name },
				details: { before: contact.rights, after: rights, ...(input.makeOwner && { owner: true }) }
			};
		});
	};
