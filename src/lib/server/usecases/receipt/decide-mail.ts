// A held mail is sent or cancelled by whoever was inside, one by one or all that still wait; each is an action.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { isHeld, mailJobs } from './held-mails.ts';
import { readHead, receiptDeed, requireOwn, type Head, type Named } from './receipt-head.ts';

type Action = 'mail.released' | 'mail.cancelled';
type Mail = { subject: string; recipient: string; held_for: string | null; waits: boolean };

/** @throws AppError `not_found`; `not_allowed` for a mail that was never held (logged); `conflict` when it was decided */
async function lockMail(tx: Tx, head: Head, mailId: string): Promise<Mail> {
	const [mail] = isUuid(mailId)
		? await tx.execute<Mail>(sql`
			SELECT m.subject, m.recipient, m.held_for, ${isHeld('m')} AS waits FROM mail m
			WHERE m.id = ${mailId} AND m.client_id = ${head.clientId} AND (m.held_for IS NULL OR m.held_for = ${head.id})
			FOR UPDATE`)
		: [];
	if (!mail) throw new AppError('not_found', 'There is no such mail in this receipt.');
	// Attack: the mail that tells the owner of a sensitive change, or of the day's visits, named by its id.
	if (mail.held_for === null)
		throw new AppError('not_allowed', 'This mail is not yours to hold: it goes out whatever happens.');
	if (!mail.waits) throw new AppError('conflict', 'This mail was sent or cancelled meanwhile.');
	return mail;
}

const settle: Record<Action, (tx: Tx, mailId: string) => Promise<unknown>> = {
	'mail.released': (tx, mailId) =>
		tx.execute(sql`UPDATE mail SET released_at = clock_timestamp() WHERE id = ${mailId}`),
	// What nobody will read need not be kept: the receipt shows to whom it would have gone and about what.
	'mail.cancelled': (tx, mailId) =>
		tx.execute(sql`UPDATE mail SET cancelled_at = clock_timestamp(), body = '', link = NULL, link_label = NULL
			WHERE id = ${mailId}`)
};

type Dependencies = { act: Act; db: Db };

const decide =
	(action: Action) =>
	({ act, db }: Dependencies) =>
	async (
		actor: StaffActor,
		{ mailId, ...named }: Named & { mailId: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor, named);
		await act(actor, receiptDeed(head, action, origin), async (tx) => {
			await requireOwn(tx, actor, head);
			const { subject, recipient } = await lockMail(tx, head, mailId);
			await settle[action](tx, mailId);
			return {
				value: undefined,
				subject: { type: 'mail', id: mailId, label: subject },
				details: { recipient },
				outbox: action === 'mail.released' ? mailJobs([mailId]) : []
			};
		});
	};

/** @throws AppError as above; `not_allowed` for a colleague's receipt (logged); `conflict` while it runs */
export const sendHeldMail = decide('mail.released');

/** @throws AppError as above */
export const cancelHeldMail = decide('mail.cancelled');

/** All that still wait, each by itself: one that was decided meanwhile stops none of the others. */
export const sendAllHeld =
	(deps: Dependencies) =>
	async (actor: StaffActor, named: Named, origin: Origin): Promise<void> => {
		const head = await readHead(deps.db, actor, named);
		const rows = await deps.db.execute<{ id: string }>(
			sql`SELECT m.id FROM mail m WHERE m.held_for = ${head.id} AND ${isHeld('m')} ORDER BY m.created_at, m.id`
		);
		for (const { id: mailId } of rows)
			await sendHeldMail(deps)(actor, { ...named, mailId }, origin).catch((error: unknown) => {
				if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
			});
	};
