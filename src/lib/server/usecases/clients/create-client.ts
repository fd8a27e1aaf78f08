// A new client with the person who owns its account, who is invited by mail, and the colleagues who look after it.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type { Act } from '#server/db/act.ts';
import type { InviteParts } from '../account/invite.ts';
import { MAX_ASSIGNEES, setAssignees } from './assign-client.ts';
import { clientFields, emailAddress, idList, jobTitle, personName } from './client-fields.ts';
import { insertContact } from './invite-contact.ts';

export const createClientInput = clientFields.extend({
	ownerName: personName,
	ownerEmail: emailAddress,
	ownerJobTitle: jobTitle,
	staffIds: idList(MAX_ASSIGNEES).default([])
});
export type CreateClientInput = z.infer<typeof createClientInput>;

type Dependencies = { act: Act; invite: InviteParts };

/** @throws AppError `conflict` for an address in use, `invalid`, the gate's refusals (logged) */
export const createClient =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, input: CreateClientInput, origin: Origin): Promise<ClientId> => {
		const id = invite.ids.uuid() as ClientId;
		const subject = { type: 'client', id, label: input.name };
		return act(actor, { action: 'client.created', clientId: id, subject, origin }, async (tx) => {
			await tx.execute(sql`INSERT INTO client (id, agency_id, name, industry, website, phone, address, tax_id, internal_note)
				VALUES (${id}, ${actor.agencyId}, ${input.name}, ${input.industry || null}, ${input.website || null},
					${input.phone || null}, ${input.address}, ${input.taxId}, ${input.internalNote})`);
			const { added } = await setAssignees(tx, actor, id, input.staffIds);
			await insertContact(tx, actor, invite, {
				clientId: id,
				name: input.ownerName,
				email: input.ownerEmail,
				jobTitle: input.ownerJobTitle,
				phone: '',
				rights: [...CONTACT_RIGHTS],
				isOwner: true,
				addressField: 'ownerEmail'
			});
			return { value: id, subject, details: { owner: input.ownerName, assigned: added } };
		});
	};
