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
type Mail = {
	subject: string;
	recipient: string;
	held_for: string | null;
	waits: boolean;
	/** Cancelled, and its words are still there. */
	is_cancelled: boolean;
};

/** @throws AppError `not_found`; `not_allowed` for a mail that was never held (logged); `conflict` when it was decided */
async function lockMail(
	tx: Tx,
	head: Head,
	{ mailId, action }: { mailId: string; action: Action }
): Promise<Mail> {
	const [mail] = isUuid(mailId)
		? await tx.execute<Mail>(sql`
			SELECT m.subject, m.recipient, m.held_for, ${isHeld('m')} AS waits,
				m.cancelled_at IS NOT NULL AND m.body <> '' AS is_cancelled FROM mail m
			WHERE m.id = ${mailId} AND m.client_id = ${head.clientId} AND (m.held_for IS NULL OR m.held_for = ${head.id})
			FOR UPDATE`)
		: [];
	if (!mail) throw new AppError('not_found', 'There is no such mail in this receipt.');
	// Attack: the mail that tells the owner of a sensitive change, or of the day's visits, named by its id.
	if (mail.held_for === null)
		throw new AppError('not_allowed', 'This mail is not yours to hold: it goes out whatever happens.');
	// Cancelling by a slip is taken back by sending it after all.
	const isOpen = mail.waits || (action === 'mail.released' && mail.is_cancelled);
	if (!isOpen) throw new AppError('conflict', 'This mail was sent or cancelled meanwhile.');
	return mail;
}

const settle: Record<Action, (tx: Tx, mailId: string) => Promise<unknown>> = {
	'mail.released': (tx, mailId) =>
		tx.execute(
			sql`UPDATE mail SET released_at = clock_timestamp(), cancelled_at = NULL WHERE id = ${mailId}`
		),
	'mail.cancelled': (tx, mailId) =>
		tx.execute(sql`UPDATE mail SET cancelled_at = clock_timestamp() WHERE id = ${mailId}`)
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
			const { subject, recipient } = await lockMail(tx, head, { mailId, action });
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
