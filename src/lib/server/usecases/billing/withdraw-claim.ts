// The client takes "I have paid" back while the agency has not answered it: the invoice asks for its money as before, and
// what staff had answered to an earlier claim is read again.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { InvoiceId } from '#domain/ids.ts';
import { requireOpen } from '#domain/invoice.ts';
import type { Act } from '#server/db/act.ts';
import { requireId } from '../portal/scope.ts';
import { invoiceLabel, lockInvoice } from './lock-invoice.ts';

/** @throws AppError `not_found`; `conflict` once a payment was recorded or the agency answered; the gate's refusals (logged) */
export const withdrawClaim =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, input: { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const subject = { type: 'invoice', id };
		await act(actor, { action: 'invoice.claim_withdrawn', subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireOpen(invoice.status);
			if (!invoice.claimed)
				throw new AppError(
					'conflict',
					'Nothing is left to take back: your agency answered, or somebody took it back already.'
				);
			// The reference is read from the row that is changed, so that the log says which claim it was.
			const [was] = await tx.execute<{ reference: string | null }>(sql`
				UPDATE invoice v SET claimed_at = NULL, claim_reference = NULL, claim_by_contact_id = NULL, claim_by_staff_id = NULL
				FROM (SELECT claim_reference AS reference FROM invoice WHERE id = ${id}) AS was
				WHERE v.id = ${id} RETURNING was.reference`);
			const details = { reference: was?.reference ?? '' };
			return { value: undefined, subject: { ...subject, label: invoiceLabel(invoice) }, details };
		});
	};
