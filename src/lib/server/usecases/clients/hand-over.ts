// Another owner for a client's account. Whoever may edit clients could make an owner of a mailbox they hold, so the one
// who steps down is mailed in the same change: nothing they set, and nothing that happens a second later, keeps it back.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type { Tx } from '#server/db/types.ts';
import type { InviteParts } from '../account/invite.ts';
import { putMail } from '../notices/put-mail.ts';
import type { ClientRow } from './client-fields.ts';
import type { LockedContact } from './lock-contact.ts';

type Former = { id: string; name: string; email: string; agency: string; staff: string };

const ALL = JSON.stringify(CONTACT_RIGHTS);

async function stepDown(tx: Tx, actor: StaffActor, client: ClientRow): Promise<Former | null> {
	const [former] = await tx.execute<Former>(sql`
		UPDATE contact k SET is_owner = false, rights = ARRAY(SELECT jsonb_array_elements_text(${ALL}::jsonb))
		FROM agency a, staff s WHERE k.client_id = ${client.id} AND k.is_owner AND a.id = k.agency_id AND s.id = ${actor.staffId}
		RETURNING k.id, k.name, k.email, a.name AS agency, s.name AS staff`);
	return former ?? null;
}

const bodyOf = (former: Former, client: ClientRow, contact: LockedContact): string =>
	[
		`Hello ${former.name},`,
		`${former.staff} of ${former.agency} made ${contact.name} (${contact.email}) the owner of the account of ${client.name}. Until now it was you. You keep every right in the portal, but who may come in, and who else is in your team, is now decided by ${contact.name}.`,
		`If nobody of ${client.name} asked for this, tell ${former.agency} at once. Their action log names who did it.`
	].join('\n\n');

/**
 * One owner at every moment: the index would refuse two, so the former steps down first.
 * @returns the former owner, as the log names them
 * @throws AppError `conflict` for somebody who is deactivated, or owns it already
 */
export async function handOver(
	tx: Tx,
	{ ids, portalOrigin }: InviteParts,
	on: { actor: StaffActor; client: ClientRow; contact: LockedContact }
): Promise<{ id: string; name: string } | null> {
	const { actor, client, contact } = on;
	if (contact.isOwner) throw new AppError('conflict', `${contact.name} owns the account already.`);
	if (!contact.active)
		throw new AppError('conflict', `${contact.name} is deactivated and cannot own the account.`);
	const former = await stepDown(tx, actor, client);
	await tx.execute(sql`UPDATE contact SET is_owner = true WHERE id = ${contact.id}`);
	if (!former) return null;
	const id = ids.uuid();
	await putMail(tx, {
		id,
		agencyId: actor.agencyId,
		clientId: client.id,
		about: `owner-changed:${id}`,
		recipient: former.email,
		subject: `${client.name} has another owner at ${former.agency}`,
		body: bodyOf(former, client, contact),
		link: { href: `${portalOrigin}/account/team`, label: 'See your team' }
	});
	return { id: former.id, name: former.name };
}
