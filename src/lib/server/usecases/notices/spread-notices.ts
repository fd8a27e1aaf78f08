// Tells people of one action: a notice in their own list, a mail where they want one. Told twice is told once.
import { sql } from 'drizzle-orm';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { tellsOverseers } from '#domain/notices.ts';
import { alertMailAbout, alertTitle } from './overseers.ts';
import { agencyHref, portalHref, titleOf, verdictHref, verdictTitle } from './notice-words.ts';
import { holdsMail } from '../receipt/held-mails.ts';
import { putMail } from './put-mail.ts';
import { readTold, type Told } from './read-told.ts';
import { recipientsOf, type Recipient } from './recipients.ts';

export type SpreadParts = { db: Db; ids: Ids; agencyOrigin: string; portalOrigin: string };

function hrefOf(told: Told, to: Recipient): string {
	if (to.isPreparer) return verdictHref(told);
	return to.side === 'portal' ? portalHref(told) : agencyHref(told);
}

function titleFor(told: Told, to: Recipient): string {
	if (tellsOverseers(told.action)) return alertTitle(told);
	return to.isPreparer ? verdictTitle(told) : titleOf(told);
}

async function putNotice(tx: Tx, ids: Ids, told: Told, to: Recipient): Promise<void> {
	const person = to.side === 'portal' ? sql`${to.id}::uuid, NULL::uuid` : sql`NULL::uuid, ${to.id}::uuid`;
	await tx.execute(sql`
		INSERT INTO notice (id, agency_id, contact_id, staff_id, seq, category, title, body, href)
		VALUES (${ids.uuid()}, ${told.agencyId}, ${person}, ${told.seq}, ${to.category}, ${titleFor(told, to)},
			${told.client}, ${hrefOf(told, to)})
		ON CONFLICT DO NOTHING`);
}

function mailBody(told: Told, to: Recipient): string {
	const inside =
		told.kind === 'impersonation' && to.side === 'portal'
			? `\n\n${told.staff ?? told.agency} of ${told.agency} was in your portal as ${told.contact ?? 'a contact'} when this was done. Access history shows when, how long and why.`
			: '';
	const where = told.client === '' ? `At ${told.agency}.` : `${told.client}, at ${told.agency}.`;
	return `${titleFor(told, to)}.\n\n${where}${inside}`;
}

/** The impersonation whose receipt decides on the mails of this action, where the policy has it so. */
async function holdFor(tx: Tx, { policy, kind, impersonationId: id }: Told): Promise<string | null> {
	if (!policy.holdMails || kind !== 'impersonation' || id === null) return null;
	return (await holdsMail(tx, id)) ? id : null;
}

/** Does nothing for an action that nobody is to be told of, and nothing the second time. */
const spreadOne = ({ db, ids, agencyOrigin, portalOrigin }: SpreadParts, seq: string): Promise<void> =>
	db.transaction(async (tx) => {
		const told = await readTold(tx, seq);
		if (!told) return;
		const heldFor = await holdFor(tx, told);
		for (const to of await recipientsOf(tx, told)) {
			if (to.wish.inApp) await putNotice(tx, ids, told, to);
			if (!to.wish.mail) continue;
			const origin = to.side === 'portal' ? portalOrigin : agencyOrigin;
			await putMail(tx, {
				id: ids.uuid(),
				agencyId: told.agencyId,
				clientId: told.clientId,
				about: tellsOverseers(told.action) ? alertMailAbout(told, to.id) : `notice:${told.seq}:${to.id}`,
				recipient: to.email,
				subject: titleFor(told, to),
				body: mailBody(told, to),
				link: { href: origin + hrefOf(told, to), label: 'Open it' },
				heldFor: to.mayWait ? heldFor : null
			});
		}
	});

/**
 * Tells of each action by itself, so that one that cannot be told hides no other.
 * @throws AggregateError of those that failed; telling them all again is harmless
 */
export const spreadNotices =
	(parts: SpreadParts) =>
	async (seqs: readonly string[]): Promise<void> => {
		const faults: unknown[] = [];
		for (const seq of seqs) await spreadOne(parts, seq).catch((error: unknown) => faults.push(error));
		if (faults.length > 0) throw new AggregateError(faults, `${faults.length} actions could not be told`);
	};
