// Sending gives a draft its number and puts it before the client; voiding takes it back and keeps it for the books.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { InvoiceId } from '#domain/ids.ts';
import { requireDraft, requireOpen } from '#domain/invoice.ts';
import type { Act } from '#server/db/act.ts';
import { nextNumber } from '#server/db/next-number.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { requireId } from '../portal/scope.ts';
import { lockInvoice, invoiceLabel, type LockedInvoice } from './lock-invoice.ts';
import { accountOf } from './reach.ts';

/** Dated today, since that is the day it is given to the client; its due day must still be ahead. */
async function open(tx: Tx, actor: StaffActor, invoice: LockedInvoice): Promise<string> {
	const number = await nextNumber(tx, actor.agencyId, 'INV');
	const isFree = invoice.totalMinor === 0;
	const sent = await tx.execute(sql`
		UPDATE invoice SET number = ${number}, status = ${isFree ? 'paid' : 'open'}, issued_on = current_date,
			paid_on = ${isFree ? sql`current_date` : sql`NULL`}, sent_at = clock_timestamp()
		WHERE id = ${invoice.id} AND due_on >= current_date RETURNING id`);
	if (sent.length === 0)
		throw new AppError(
			'conflict',
			'Its due day is over. Edit the draft and choose a day ahead, then send it.'
		);
	return number;
}

/** @throws AppError `conflict` unless a draft whose due day is ahead; the gate's refusals (logged) */
export const sendInvoice =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { id: string }, origin: Origin): Promise<string> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id };
		return act(actor, { action: 'invoice.sent', clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireDraft(invoice.status);
			const number = await open(tx, actor, invoice);
			const { totalMinor, currency } = invoice;
			return { value: number, subject: { ...subject, label: number }, details: { totalMinor, currency } };
		});
	};

export const voidInput = z.object({
	reason: z
		.string()
		.trim()
		.min(1, 'Say why it is void. The client reads it.')
		.max(500, 'Keep the reason under 500 characters.')
});
export type VoidInput = z.infer<typeof voidInput> & { id: string };

/** @throws AppError `conflict` unless open and nothing was paid on it; the gate's refusals (logged) */
export const voidInvoice =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: VoidInput, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id };
		await act(actor, { action: 'invoice.voided', clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireOpen(invoice.status);
			if (invoice.paidMinor > 0)
				throw new AppError('conflict', 'Money was recorded on this invoice. Remove its payments first.');
			await tx.execute(sql`UPDATE invoice SET status = 'void', void_reason = ${input.reason}, claimed_at = NULL,
				claim_answer = NULL WHERE id = ${id}`);
			const { totalMinor, currency } = invoice;
			const details = { reason: input.reason, totalMinor, currency };
			return { value: undefined, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};
