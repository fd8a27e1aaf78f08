// The people of a client, kept by its owner in the portal: what they may do, inviting, removing and taking them back.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionName } from '#domain/actions.ts';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ContactId } from '#domain/ids.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Act, Done } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { contactRights, emailAddress, jobTitle, personName } from '../clients/client-fields.ts';
import { requireFreeAddress } from '../clients/person-address.ts';
import type { EndResting } from '../impersonation/end-resting.ts';
import { readRecent } from '../portal/read-recent.ts';
import { ownRows } from '../portal/scope.ts';
import { inviteInto, type InviteParts } from './invite.ts';
import { refuseInside } from './own-account.ts';

/** More people than this is not a client's team but a mistake, or a way to send mail in the agency's name. */
const MAX_CONTACTS = 200;

/** Checkboxes arrive as fields of their own: `right-tasks=on`. */
const rightsOfForm = Object.fromEntries(
	CONTACT_RIGHTS.map((right) => [`right-${right}`, z.literal('on').optional()])
) as Record<`right-${(typeof CONTACT_RIGHTS)[number]}`, z.ZodOptional<z.ZodLiteral<'on'>>>;

export const chosenRights = (form: Partial<Record<string, unknown>>): string[] =>
	contactRights.parse(CONTACT_RIGHTS.filter((right) => form[`right-${right}`] === 'on'));

export const inviteTeamInput = z.object({ name: personName, email: emailAddress, jobTitle, ...rightsOfForm });
export const teamRightsInput = z.object({ contactId: z.string(), ...rightsOfForm });
export const teamContactInput = z.object({ contactId: z.string() });

type Owner = { name: string; client: string };

async function requireOwner(tx: Tx, actor: PortalActor): Promise<Owner> {
	// The client's row is held: two invitations at once are counted one after the other.
	const [owner] = await tx.execute<Owner & { is_owner: boolean }>(sql`
		SELECT k.name, c.name AS client, k.is_owner FROM client c JOIN contact k ON k.client_id = c.id
		WHERE k.id = ${actor.contactId} AND k.active AND ${ownRows(actor, 'k')} FOR NO KEY UPDATE OF c`);
	if (!owner?.is_owner)
		throw new AppError('not_allowed', 'Only the owner of this account does that. Ask them.');
	return owner;
}

type Member = {
	id: ContactId;
	name: string;
	email: string;
	isOwner: boolean;
	rights: string[];
	pending: boolean;
	active: boolean;
};

async function lockMember(tx: Tx, actor: PortalActor, contactId: string, active = true): Promise<Member> {
	const [member] = isUuid(contactId)
		? await tx.execute<Member>(sql`SELECT k.id, k.name, k.email, k.is_owner AS "isOwner", k.rights, k.active,
				NOT EXISTS (SELECT FROM contact_account x WHERE x.user_id = k.id) AS pending
			FROM contact k WHERE k.id = ${contactId} AND ${ownRows(actor, 'k')} FOR UPDATE OF k`)
		: [];
	if (member?.active !== active) throw new AppError('not_found', 'There is no such person in your team.');
	if (member.isOwner)
		throw new AppError('conflict', `${member.name} owns the account and holds every right.`);
	return member;
}

type Dependencies = { act: Act; invite: InviteParts; endResting: EndResting };

/** Forbidden inside; for the owner alone; then the work. */
async function asOwner<T>(
	act: Act,
	on: { actor: PortalActor; action: ActionName; origin: Origin },
	work: (tx: Tx, owner: Owner) => Promise<Done<T>>
): Promise<T> {
	const { actor, action, origin } = on;
	await refuseInside(act, actor, action, origin);
	return act(actor, { action, origin }, async (tx) => work(tx, await requireOwner(tx, actor)));
}

const subjectOf = ({ id, name }: { id: string; name: string }) => ({ type: 'contact', id, label: name });

export type TeamInvitation = { name: string; email: string; jobTitle: string; rights: string[] };

/** @throws AppError `forbidden` while impersonating (logged), `not_allowed`, `conflict` */
export const inviteTeamContact =
	({ act, invite }: Dependencies) =>
	(actor: PortalActor, person: TeamInvitation, origin: Origin): Promise<void> =>
		asOwner(act, { actor, action: 'contact.invited', origin }, async (tx, owner) => {
			const [count] = await tx.execute<{ n: number }>(
				sql`SELECT count(*)::int AS n FROM contact k WHERE ${ownRows(actor, 'k')}`
			);
			if ((count?.n ?? 0) >= MAX_CONTACTS)
				throw new AppError('conflict', `An account has at most ${MAX_CONTACTS} people. Ask your agency.`);
			await requireFreeAddress(tx, actor.agencyId, { side: 'contact', email: person.email });
			const id = invite.ids.uuid() as ContactId;
			const rights = JSON.stringify(contactRights.parse(person.rights));
			await tx.execute(sql`INSERT INTO contact (id, agency_id, client_id, name, email, job_title, rights)
				VALUES (${id}, ${actor.agencyId}, ${actor.clientId}, ${person.name}, ${person.email}, ${person.jobTitle || null},
					ARRAY(SELECT jsonb_array_elements_text(${rights}::jsonb)))`);
			await inviteInto(tx, invite, {
				agencyId: actor.agencyId,
				invitee: { side: 'portal', contactId: id, clientId: actor.clientId },
				email: person.email,
				name: person.name,
				invitedBy: `${owner.name}, ${owner.client}`
			});
			return {
				value: undefined,
				subject: subjectOf({ id, name: person.name }),
				details: { rights: person.rights }
			};
		});

/** Sends the invitation again; the older link dies with it. */
export const reinviteTeamContact =
	({ act, invite }: Dependencies) =>
	(actor: PortalActor, contactId: string, origin: Origin): Promise<void> =>
		asOwner(act, { actor, action: 'contact.invited', origin }, async (tx, owner) => {
			const member = await lockMember(tx, actor, contactId);
			if (!member.pending) throw new AppError('conflict', `${member.name} needs no invitation any more.`);
			await inviteInto(tx, invite, {
				agencyId: actor.agencyId,
				invitee: { side: 'portal', contactId: member.id, clientId: actor.clientId },
				email: member.email,
				name: member.name,
				invitedBy: `${owner.name}, ${owner.client}`
			});
			return { value: undefined, subject: subjectOf(member), details: { again: true } };
		});

/** @throws AppError `forbidden` while impersonating (logged), `not_allowed`, `not_found`, `conflict` for the owner */
export const changeTeamRights =
	({ act }: Dependencies) =>
	(
		actor: PortalActor,
		{ contactId, rights }: { contactId: string; rights: string[] },
		origin: Origin
	): Promise<void> =>
		asOwner(act, { actor, action: 'contact.rights_changed', origin }, async (tx) => {
			const member = await lockMember(tx, actor, contactId);
			const after = contactRights.parse(rights);
			await tx.execute(sql`UPDATE contact SET rights = ARRAY(SELECT jsonb_array_elements_text(
				${JSON.stringify(after)}::jsonb)), updated_at = clock_timestamp() WHERE id = ${member.id}`);
			return { value: undefined, subject: subjectOf(member), details: { before: member.rights, after } };
		});

/** Signs them out and takes open invitations back; what they did stays under their name. */
export const removeTeamContact =
	({ act, endResting }: Dependencies) =>
	async (actor: PortalActor, contactId: string, origin: Origin): Promise<void> => {
		const id = await asOwner(act, { actor, action: 'contact.removed', origin }, async (tx) => {
			const member = await lockMember(tx, actor, contactId);
			await tx.execute(
				sql`UPDATE contact SET active = false, updated_at = clock_timestamp() WHERE id = ${member.id}`
			);
			await tx.execute(sql`DELETE FROM contact_session WHERE user_id = ${member.id}`);
			await tx.execute(sql`UPDATE invitation SET expires_at = clock_timestamp()
				WHERE contact_id = ${member.id} AND used_at IS NULL AND expires_at > clock_timestamp()`);
			return { value: member.id, subject: subjectOf(member) };
		});
		await endResting(actor.agencyId, { contactId: id });
	};

/**
 * Takes back a removal that was a slip, with the rights they held. They sign in anew, and an invitation is sent again by
 * hand: what was ended stays ended.
 */
export const restoreTeamContact =
	({ act }: Dependencies) =>
	(actor: PortalActor, contactId: string, origin: Origin): Promise<void> =>
		asOwner(act, { actor, action: 'contact.restored', origin }, async (tx) => {
			const member = await lockMember(tx, actor, contactId, false);
			// Whom the agency deactivated, or who left long ago, is not let in again by this button.
			const removal = await readRecent(tx, actor, {
				subjectId: member.id,
				done: 'contact.removed',
				since: ['contact.restored'],
				on: 'portal'
			});
			if (!removal)
				throw new AppError(
					'conflict',
					`A removal can be taken back for ${UNDO_MINUTES} minutes. Ask your agency to let ${member.name} in again.`
				);
			await tx.execute(
				sql`UPDATE contact SET active = true, updated_at = clock_timestamp() WHERE id = ${member.id}`
			);
			return { value: undefined, subject: subjectOf(member), details: { rights: member.rights } };
		});
