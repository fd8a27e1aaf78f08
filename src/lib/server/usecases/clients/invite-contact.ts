// A contact comes about by an invitation: their row, and a one-time link to their address to choose a password with.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { inviteInto, type InviteParts } from '../account/invite.ts';
import {
	accountOf,
	contactRights,
	emailAddress,
	jobTitle,
	lockClient,
	personName,
	phone,
	requireNotArchived
} from './client-fields.ts';
import { lockContact } from './lock-contact.ts';
import { inviterName, requireFreeAddress } from './person-address.ts';

export const inviteContactInput = z.object({
	clientId: z.string(),
	name: personName,
	email: emailAddress,
	jobTitle,
	phone,
	rights: contactRights
});
export type InviteContactInput = z.infer<typeof inviteContactInput>;

type Dependencies = { act: Act; invite: InviteParts };
export type NewContact = Omit<InviteContactInput, 'clientId'> & {
	clientId: ClientId;
	isOwner: boolean;
	addressField?: string;
};

/** Inserts the contact and mails the invitation, inside an open change. */
export async function insertContact(
	tx: Tx,
	actor: StaffActor,
	invite: InviteParts,
	person: NewContact
): Promise<ContactId> {
	const { email, addressField: field } = person;
	await requireFreeAddress(tx, actor.agencyId, { side: 'contact', email, field });
	const id = invite.ids.uuid() as ContactId;
	await tx.execute(sql`INSERT INTO contact (id, agency_id, client_id, name, email, job_title, phone, is_owner, rights)
		VALUES (${id}, ${actor.agencyId}, ${person.clientId}, ${person.name}, ${person.email}, ${person.jobTitle || null},
			${person.phone || null}, ${person.isOwner},
			ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(person.rights)}::jsonb)))`);
	await inviteInto(tx, invite, {
		agencyId: actor.agencyId,
		invitee: { side: 'portal', contactId: id, clientId: person.clientId },
		email: person.email,
		name: person.name,
		invitedBy: await inviterName(tx, actor.staffId)
	});
	return id;
}

/**
 * The first contact of a client is its owner.
 * @throws AppError `conflict` for an address in use or an archived client, `not_found`, the gate's refusals (logged)
 */
export const inviteContact =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, input: InviteContactInput, origin: Origin): Promise<ContactId> => {
		const deed = { action: 'contact.invited', clientId: accountOf(input.clientId), origin } as const;
		return act(actor, deed, async (tx) => {
			const client = await lockClient(tx, actor, input.clientId);
			requireNotArchived(client);
			const owners = await tx.execute(sql`SELECT FROM contact WHERE client_id = ${client.id} AND is_owner`);
			const isOwner = owners.length === 0;
			const id = await insertContact(tx, actor, invite, { ...input, clientId: client.id, isOwner });
			return {
				value: id,
				subject: { type: 'contact', id, label: input.name },
				details: { rights: input.rights, isOwner }
			};
		});
	};

export const contactIdInput = z.object({ clientId: z.string(), contactId: z.string() });
export type ContactIdInput = z.infer<typeof contactIdInput>;

/**
 * Sends the invitation again; the older link dies with it.
 * @throws AppError `conflict` for somebody who signed in already or is deactivated, `not_found`
 */
export const reinviteContact =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, { clientId, contactId }: ContactIdInput, origin: Origin): Promise<void> => {
		const deed = { action: 'contact.invited', clientId: accountOf(clientId), origin } as const;
		await act(actor, deed, async (tx) => {
			const client = await lockClient(tx, actor, clientId);
			requireNotArchived(client);
			const contact = await lockContact(tx, client, contactId);
			if (!contact.pending || !contact.active)
				throw new AppError('conflict', `${contact.name} needs no invitation any more, so none was sent.`);
			await inviteInto(tx, invite, {
				agencyId: actor.agencyId,
				invitee: { side: 'portal', contactId: contact.id, clientId: client.id },
				email: contact.email,
				name: contact.name,
				invitedBy: await inviterName(tx, actor.staffId)
			});
			return {
				value: undefined,
				subject: { type: 'contact', id: contact.id, label: contact.name },
				details: { again: true }
			};
		});
	};
