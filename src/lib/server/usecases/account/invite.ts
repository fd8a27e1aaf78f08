// An invitation of a staff member or a contact: the token's hash beside the person, the link by mail to their address.
// Called inside the change that makes or re-invites the person; accepting is accept-invitation.ts.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import { putMail } from '../notices/put-mail.ts';

/** Long enough for a holiday; who comes later is invited again. */
export const INVITATION_DAYS = 14;

export type Invitee =
	{ side: 'agency'; staffId: StaffId } | { side: 'portal'; contactId: ContactId; clientId: ClientId };

export type InviteParts = { ids: Ids; agencyOrigin: string; portalOrigin: string };

export type NewInvitation = {
	agencyId: AgencyId;
	invitee: Invitee;
	/** Where it is mailed; the person's own address, since whoever opens the link becomes that person. */
	email: string;
	name: string;
	/** Who invites, as the mail names them: "Olivia Hart". */
	invitedBy: string;
};

async function insertInvitation(
	tx: Tx,
	{ ids }: InviteParts,
	{ agencyId, invitee }: NewInvitation
): Promise<{ id: string; token: string }> {
	const staffId = invitee.side === 'agency' ? invitee.staffId : null;
	const contactId = invitee.side === 'portal' ? invitee.contactId : null;
	// Of several links only the newest works: an older one may lie in a mailbox that somebody else reads by now.
	await tx.execute(sql`UPDATE invitation SET expires_at = clock_timestamp() WHERE agency_id = ${agencyId}
		AND used_at IS NULL AND expires_at > clock_timestamp()
		AND (staff_id = ${staffId}::uuid OR contact_id = ${contactId}::uuid)`);
	const id = ids.uuid();
	const token = ids.secret();
	await tx.execute(sql`
		INSERT INTO invitation (id, agency_id, staff_id, contact_id, token_hash, expires_at)
		VALUES (${id}, ${agencyId}, ${staffId}::uuid, ${contactId}::uuid, ${hashSecret(token)},
			clock_timestamp() + make_interval(days => ${INVITATION_DAYS}))`);
	return { id, token };
}

/**
 * Makes the invitation and its mail inside `tx`. The person's row must be there: active, without a password of its own
 * until the invitation is accepted. @returns the invitation's id
 */
export async function inviteInto(tx: Tx, parts: InviteParts, invitation: NewInvitation): Promise<string> {
	const { agencyId, invitee, email, name, invitedBy } = invitation;
	const { id, token } = await insertInvitation(tx, parts, invitation);
	const [agency] = await tx.execute<{ name: string }>(sql`SELECT name FROM agency WHERE id = ${agencyId}`);
	const isStaff = invitee.side === 'agency';
	const table = sql.raw(isStaff ? 'staff' : 'contact');
	const personId = isStaff ? invitee.staffId : invitee.contactId;
	await tx.execute(sql`UPDATE ${table} SET invited_at = clock_timestamp()
		WHERE id = ${personId} AND agency_id = ${agencyId}`);
	const where = agency?.name ?? 'The agency';
	const to = isStaff ? `the team of ${where}` : `the client portal of ${where}`;
	await putMail(tx, {
		id: parts.ids.uuid(),
		agencyId,
		clientId: isStaff ? null : invitee.clientId,
		about: `invitation:${id}`,
		recipient: email,
		subject: `${invitedBy} invites you to ${to}`,
		body: `Hello ${name},\n\n${invitedBy} invites you to ${to}. Choose a password to sign in with ${email}.\n\nThe link works once, for ${INVITATION_DAYS} days. If you did not expect it, do nothing.`,
		link: {
			href: `${isStaff ? parts.agencyOrigin : parts.portalOrigin}/invitation/${token}`,
			label: 'Choose a password'
		}
	});
	return id;
}
