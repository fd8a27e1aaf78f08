// Who a contact is. The address people sign in with is theirs: staff correct it only while the invitation is open.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { inviteInto, type InviteParts } from '../account/invite.ts';
import { voidLinks } from '../account/void-links.ts';
import { accountOf, emailAddress, jobTitle, lockClient, personName, phone } from './client-fields.ts';
import { lockContact, type LockedContact } from './lock-contact.ts';
import { inviterName, requireFreeAddress } from './person-address.ts';

export const editContactInput = z.object({
	clientId: z.string(),
	contactId: z.string(),
	name: personName,
	email: emailAddress,
	jobTitle,
	phone
});
export type EditContactInput = z.infer<typeof editContactInput>;

type Dependencies = { act: Act; invite: InviteParts };

type Change = { invite: InviteParts; clientId: ClientId; contact: LockedContact; input: EditContactInput };

/** Attack: a changed address plus a fresh invitation would take over the account of somebody who signs in already. */
async function changeAddress(
	tx: Tx,
	actor: StaffActor,
	{ invite, clientId, contact, input }: Change
): Promise<void> {
	if (!contact.pending)
		throw new AppError(
			'conflict',
			`${contact.name} signs in with this address, so only they can change it, under Account.`,
			{ field: 'email' }
		);
	await requireFreeAddress(tx, actor.agencyId, { side: 'contact', email: input.email });
	await tx.execute(sql`UPDATE contact SET email = ${input.email} WHERE id = ${contact.id}`);
	// A wrong address may be a stranger's: nothing that was mailed there works any more.
	await voidLinks(tx, { side: 'portal', id: contact.id });
	await inviteInto(tx, invite, {
		agencyId: actor.agencyId,
		invitee: { side: 'portal', contactId: contact.id, clientId },
		email: input.email,
		name: input.name,
		invitedBy: await inviterName(tx, actor.staffId)
	});
}

/** @throws AppError `not_found`, `conflict`, the gate's refusals (logged) */
export const editContact =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, input: EditContactInput, origin: Origin): Promise<void> => {
		const deed = { action: 'contact.edited', clientId: accountOf(input.clientId), origin } as const;
		await act(actor, deed, async (tx) => {
			const client = await lockClient(tx, actor, input.clientId);
			const contact = await lockContact(tx, client, input.contactId);
			const isMoved = contact.email !== input.email;
			if (isMoved) await changeAddress(tx, actor, { invite, clientId: client.id, contact, input });
			await tx.execute(sql`UPDATE contact SET name = ${input.name}, job_title = ${input.jobTitle || null},
				phone = ${input.phone || null}, updated_at = clock_timestamp() WHERE id = ${contact.id}`);
			return {
				value: undefined,
				subject: { type: 'contact', id: contact.id, label: input.name },
				details: {
					...(contact.name !== input.name && { nameBefore: contact.name }),
					...(isMoved && { invitedAtNewAddress: true })
				}
			};
		});
	};
