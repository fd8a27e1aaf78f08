// A mail as a row of the change that causes it, with the job that sends it. Nobody sends anything himself.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import { queueMails } from './queue-mails.ts';

export type NewMail = {
	id: string;
	agencyId: AgencyId;
	clientId: ClientId | null;
	/** What it is about: the same mail is never made twice. */
	about: string;
	recipient: string;
	subject: string;
	/** Plain paragraphs, an empty line between them. Never the text of a message, never a file. */
	body: string;
	link?: { href: string; label: string };
	/** The impersonation whose receipt decides on it. */
	heldFor?: string | null;
};

/** A line is what a subject may hold; more would be headers of their own to a careless server. */
const MAX_SUBJECT = 180;

/** Attack: names and titles are typed by people, and a line break in a subject would begin another header. */
const oneLine = (text: string): string => {
	const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
	return line.length > MAX_SUBJECT ? `${line.slice(0, MAX_SUBJECT - 1)}…` : line;
};

/** @returns false when this mail was made before */
export async function putMail(tx: Tx, mail: NewMail): Promise<boolean> {
	const made = await tx.execute(sql`
		INSERT INTO mail (id, agency_id, client_id, about, recipient, subject, body, link, link_label, held_for)
		VALUES (${mail.id}, ${mail.agencyId}, ${mail.clientId}, ${mail.about}, ${mail.recipient}, ${oneLine(mail.subject)},
			${mail.body}, ${mail.link?.href ?? null}, ${mail.link?.label ?? null},
			${mail.heldFor ?? null})
		ON CONFLICT (about) DO NOTHING RETURNING id`);
	if (made.length === 0) return false;
	if (!mail.heldFor) await queueMails(tx, [mail.id]);
	return true;
}
