// "I have paid": what a client says and staff answer. Saying it moves no money: only a recorded payment does.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { InvoiceId } from '#domain/ids.ts';
import { requireOpen } from '#domain/invoice.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireId } from '../portal/scope.ts';
import { invoiceLabel, lockInvoice } from './lock-invoice.ts';
import { accountOf } from './reach.ts';

export const claimInput = z.object({
	reference: z.string().trim().max(200, 'Keep the reference under 200 characters.').default('')
});
export type ClaimInput = z.infer<typeof claimInput> & { id: string };

/** Both names of who said it, as the columns of the claim. */
const claimedBy = (actor: PortalActor) =>
	actor.kind === 'impersonation'
		? sql`claim_by_contact_id = ${actor.contactId}, claim_by_staff_id = ${actor.act.staffId}`
		: sql`claim_by_contact_id = ${actor.contactId}, claim_by_staff_id = ${actor.approves?.staffId ?? null}::uuid`;

/** @throws AppError `not_found`; `conflict` when nothing is due or it was said already; the gate's refusals (logged) */
export const claimPaid =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, input: ClaimInput, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const subject = { type: 'invoice', id };
		await act(actor, { action: 'invoice.claimed_paid', subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireOpen(invoice.status);
			if (invoice.claimed)
				throw new AppError('conflict', 'You said so already. Your agency looks for the payment.');
			// An earlier answer stays in the row, unseen: taking this back brings it back too (withdraw-claim.ts).
			await tx.execute(sql`UPDATE invoice SET claimed_at = clock_timestamp(), claim_reference = ${input.reference},
				${claimedBy(actor)} WHERE id = ${id}`);
			const details = { reference: input.reference, dueMinor: invoice.totalMinor - invoice.paidMinor };
			return { value: undefined, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};

export const rejectInput = z.object({
	answer: z
		.string()
		.trim()
		.min(1, 'Tell the client what you looked for.')
		.max(500, 'Keep the answer under 500 characters.')
});
export type RejectInput = z.infer<typeof rejectInput> & { id: string };

/** Staff looked and found no money: the claim is taken back and the client reads the answer. */
export const rejectClaim =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: RejectInput, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id };
		await act(actor, { action: 'invoice.claim_rejected', clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireOpen(invoice.status);
			if (!invoice.claimed) throw new AppError('conflict', 'Nobody says that this invoice was paid.');
			await tx.execute(sql`UPDATE invoice SET claimed_at = NULL, claim_reference = NULL, claim_by_contact_id = NULL,
				claim_by_staff_id = NULL, claim_answer = ${input.answer} WHERE id = ${id}`);
			const details = { answer: input.answer };
			return { value: undefined, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};
