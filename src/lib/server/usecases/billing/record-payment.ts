// Money that came in, in full or in part. A recorded payment answers a claim; no more than what is due is ever booked.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { InvoiceId, PaymentId } from '#domain/ids.ts';
import { dueMinor, PAYMENT_METHODS, requireOpen, type PaymentMethod } from '#domain/invoice.ts';
import { decimalText, formatMoney, parseAmount } from '#domain/money.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requireId } from '../portal/scope.ts';
import { invoiceLabel, lockInvoice, type LockedInvoice } from './lock-invoice.ts';
import { accountOf, readToday } from './reach.ts';
import { putPaymentBack, takePayment } from './removed.ts';

export const paymentInput = z.object({
	/** As typed: what it means depends on the invoice's currency. */
	amount: z.string().trim().min(1, 'Say how much came in.').max(20),
	paidOn: z.iso.date('Choose the day it came in.'),
	method: z.enum(
		Object.keys(PAYMENT_METHODS) as [PaymentMethod, ...PaymentMethod[]],
		'Choose how it came in.'
	),
	reference: z.string().trim().max(200, 'Keep the reference under 200 characters.').default('')
});
export type PaymentInput = z.infer<typeof paymentInput> & { id: string };

function amountOf(invoice: LockedInvoice, typed: string): number {
	const { currency } = invoice;
	const due = dueMinor(invoice);
	const minor = parseAmount(typed, currency);
	if (!minor)
		throw new AppError('invalid', `Write the amount like ${decimalText({ minor: due, currency })}.`, {
			field: 'amount'
		});
	if (minor > due)
		throw new AppError(
			'invalid',
			`Only ${formatMoney({ minor: due, currency })} are due, so no more can be recorded.`,
			{ field: 'amount' }
		);
	return minor;
}

/** Whoever books money has looked for it: what was claimed is answered by that. */
const claimAnswered = (id: InvoiceId) => sql`UPDATE invoice SET claimed_at = NULL, claim_reference = NULL,
	claim_by_contact_id = NULL, claim_by_staff_id = NULL, claim_answer = NULL WHERE id = ${id}`;

async function checkDay(tx: Tx, paidOn: string): Promise<void> {
	if (paidOn > (await readToday(tx)))
		throw new AppError('invalid', 'This day is still to come. Record a payment once it came in.', {
			field: 'paidOn'
		});
}

/** @throws AppError `invalid` beyond what is due; `conflict` unless open; the gate's refusals (logged) */
export const recordPayment =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (actor: StaffActor, input: PaymentInput, origin: Origin): Promise<PaymentId> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id };
		return act(actor, { action: 'payment.recorded', clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireOpen(invoice.status);
			await checkDay(tx, input.paidOn);
			const amountMinor = amountOf(invoice, input.amount);
			const paymentId = ids.uuid() as PaymentId;
			await tx.execute(sql`
				INSERT INTO payment (id, agency_id, client_id, invoice_id, amount_minor, currency, method, reference, paid_on,
					made_by_staff_id)
				VALUES (${paymentId}, ${actor.agencyId}, ${clientId}, ${id}, ${amountMinor}, ${invoice.currency}, ${input.method},
					${input.reference}, ${input.paidOn}::date, ${actor.staffId})`);
			await settle(tx, id);
			await tx.execute(claimAnswered(id));
			const { currency, number } = invoice;
			const isFull = amountMinor === dueMinor(invoice);
			const details = { paymentId, amountMinor, currency, method: input.method, invoice: number, isFull };
			return { value: paymentId, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};

/** Brings what is paid, and with it the status, in line with the payments. */
async function settle(tx: Tx, id: InvoiceId): Promise<void> {
	await tx.execute(sql`
		UPDATE invoice i SET paid_minor = p.sum, status = CASE WHEN p.sum = i.total_minor THEN 'paid' ELSE 'open' END,
			paid_on = CASE WHEN p.sum = i.total_minor THEN p.last END
		FROM (SELECT coalesce(sum(amount_minor), 0) AS sum, max(paid_on) AS last FROM payment WHERE invoice_id = ${id}) AS p
		WHERE i.id = ${id}`);
}

/** Both ways of one press: the invoice is held, the payment goes or comes, what is paid follows. */
const movePayment =
	(action: 'payment.removed' | 'payment.restored', move: typeof takePayment) =>
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { id: string; paymentId: string }, origin: Origin): Promise<void> => {
		const invoiceId = requireId<InvoiceId>(input.id, 'invoice');
		const paymentId = requireId<PaymentId>(input.paymentId, 'payment');
		const clientId = await accountOf(db, actor, { table: 'invoice', id: invoiceId });
		const subject = { type: 'invoice', id: invoiceId };
		await act(actor, { action, clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, invoiceId);
			const { amount, method } = await move(tx, actor, { invoiceId, paymentId });
			if (action === 'payment.restored') requireDue(invoice, amount);
			await settle(tx, invoiceId);
			const details = { paymentId, amountMinor: amount, currency: invoice.currency, method };
			return { value: undefined, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};

/** It may have been paid again, or voided, in the meantime. */
function requireDue(invoice: LockedInvoice, amount: number): void {
	requireOpen(invoice.status);
	if (amount > dueMinor(invoice))
		throw new AppError(
			'conflict',
			'Less than this payment is due by now, so it was not put back. Record what came in by hand.'
		);
}

/** A payment that was recorded by mistake, or that bounced: the invoice is due again. */
export const removePayment = movePayment('payment.removed', takePayment);
/** It had come in after all. @throws AppError `not_found`, `conflict` when less is due by now */
export const restorePayment = movePayment('payment.restored', putPaymentBack);
