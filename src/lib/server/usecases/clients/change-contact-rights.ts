// What a contact may see in the portal, and who of a client's people is its owner. Acts at their next request.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type { Act } from '#server/db/act.ts';
import type { InviteParts } from '../account/invite.ts';
import { accountOf, contactRights, lockClient } from './client-fields.ts';
import { handOver } from './hand-over.ts';
import { lockContact } from './lock-contact.ts';

export const contactRightsInput = z.object({
	clientId: z.string(),
	contactId: z.string(),
	rights: contactRights,
	/** Hands the ownership over; the former owner keeps every right, by name, and is mailed. */
	makeOwner: z.stringbool().default(false)
});
export type ContactRightsInput = z.infer<typeof contactRightsInput>;

type Dependencies = { act: Act; invite: InviteParts };

/** @throws AppError `not_found`, `conflict`, the gate's refusals (logged) */
export const changeContactRights =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, input: ContactRightsInput, origin: Origin): Promise<void> => {
		const action = input.makeOwner ? 'contact.made_owner' : 'contact.rights_changed';
		await act(actor, { action, clientId: accountOf(input.clientId), origin }, async (tx) => {
			const client = await lockClient(tx, actor, input.clientId);
			const contact = await lockContact(tx, client, input.contactId);
			if (contact.isOwner && !input.makeOwner)
				throw new AppError('conflict', `${contact.name} owns the account and holds every right.`);
			const former = input.makeOwner ? await handOver(tx, invite, { actor, client, contact }) : null;
			const rights = input.makeOwner ? [...CONTACT_RIGHTS] : input.rights;
			await tx.execute(sql`UPDATE contact SET rights = ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(rights)}::jsonb)),
				updated_at = clock_timestamp() WHERE id = ${contact.id}`);
			return {
				value: undefined,
				subject: { type: 'contact', id: contact.id, label: contact.name },
				details: {
					before: contact.rights,
					after: rights,
					...(former && { formerOwner: former.name, formerOwnerId: former.id, formerOwnerMailed: true })
				}
			};
		});
	};
