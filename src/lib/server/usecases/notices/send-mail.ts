// Sends one waiting mail. What went wrong stays on its row, where an admin finds it; the job tries again.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { Mailer } from '#server/ports/mailer.ts';
import { renderMail } from './mail-page.ts';
import { messageIdOf } from './message-id.ts';
import { stillReader } from './still-reader.ts';

/** Longer than the mailer's own time limits together: who holds a mail that long has died. */
const CLAIM_SECONDS = 120;
const MAX_FAILURE = 500;

type Claimed = {
	recipient: string;
	about: string;
	/** It waited for a receipt. */
	waited: boolean;
	subject: string;
	body: string;
	link: string | null;
	link_label: string | null;
	agency: string;
	accent: string | null;
};

async function claim(db: Db, mailId: string): Promise<Claimed | null> {
	const [row] = await db.execute<Claimed>(sql`
		UPDATE mail m SET claimed_until = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS}),
			attempts = attempts + 1
		FROM agency a WHERE a.id = m.agency_id AND m.id = ${mailId} AND m.sent_at IS NULL
			AND m.cancelled_at IS NULL AND (m.held_for IS NULL OR m.released_at IS NOT NULL)
			AND (m.claimed_until IS NULL OR m.claimed_until < clock_timestamp())
		RETURNING m.recipient, m.about, m.held_for IS NOT NULL AS waited, m.subject, m.body, m.link, m.link_label, a.name AS agency, a.accent`);
	return row ?? null;
}

/** Nobody gets it: what it says is no longer theirs to read. */
const withdraw = (db: Db, mailId: string) =>
	db.execute(sql`UPDATE mail SET cancelled_at = clock_timestamp(), released_at = NULL, claimed_until = NULL, failed_at = NULL,
		failure = NULL, body = '', link = NULL, link_label = NULL WHERE id = ${mailId}`);

const reasonOf = (error: unknown): string =>
	(error instanceof Error ? error.message : String(error)).slice(0, MAX_FAILURE);

type Dependencies = { db: Db; mailer: Mailer; portalOrigin: string };

/**
 * Takes back one that waited, where its reader would not be told any more. Does nothing for a mail that was sent, is being sent, waits for a receipt or was cancelled there.
 * @throws AppError `try_later` when the mailer refused
 */
export const sendMail =
	({ db, mailer, portalOrigin }: Dependencies) =>
	async (mailId: string): Promise<void> => {
		const mail = await claim(db, mailId);
		if (!mail) return;
		const to = mail.waited ? await stillReader(db, mail.about) : mail.recipient;
		if (to === null) {
			await withdraw(db, mailId);
			return;
		}
		const { agency, accent, subject, body, link, link_label: label } = mail;
		const words = {
			agency,
			accent,
			subject,
			body,
			link: link ? { href: link, label: label ?? 'Open' } : null
		};
		try {
			await mailer.send({
				messageId: messageIdOf(mailId, portalOrigin),
				fromName: agency,
				to,
				subject,
				...renderMail(words)
			});
		} catch (error) {
			await db.execute(sql`UPDATE mail SET failed_at = clock_timestamp(), failure = ${reasonOf(error)},
				claimed_until = NULL WHERE id = ${mailId}`);
			throw new AppError('try_later', `A mail could not be sent: ${reasonOf(error)}`);
		}
		// The link goes: it may be a one-time one, and whoever reads the database later must not use it.
		await db.execute(sql`UPDATE mail SET sent_at = clock_timestamp(), failed_at = NULL, failure = NULL,
			claimed_until = NULL, link = NULL WHERE id = ${mailId}`);
	};
