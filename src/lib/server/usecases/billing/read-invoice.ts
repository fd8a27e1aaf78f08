// One invoice as its client sees it: parts that are hidden from this contact are not in the answer.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { InvoiceId } from '#domain/ids.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { ownRows, requireArea, requireId } from '../portal/scope.ts';
import { readDocument, type InvoiceDocument, type PaymentRow } from './read-document.ts';

/** Staff's names on payments are the agency's own business. */
export type ClientInvoice = Omit<InvoiceDocument, 'payments'> & {
	/** Null where the section is hidden. */
	payments: Omit<PaymentRow, 'staff'>[] | null;
};

/** What of an invoice this view may show; the PDF obeys it as the page does. */
export function forClient(invoice: InvoiceDocument, view: PortalView): ClientInvoice {
	return {
		...invoice,
		payments: may('invoices.payments', view, 'see')
			? invoice.payments.map(({ staff: _staff, ...payment }) => payment)
			: null,
		order: may('orders', view, 'see') ? invoice.order : null,
		subscription: may('subscriptions', view, 'see') ? invoice.subscription : null
	};
}

/** @throws AppError `not_found`, also for another client's invoice, for a draft and without the billing right */
export const readInvoice =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string): Promise<ClientInvoice> => {
		const invoiceId = requireId<InvoiceId>(id, 'invoice');
		const view = await requireArea(db, actor, 'invoices');
		const own = sql`${ownRows(actor, 'i')} AND i.status <> 'draft'`;
		return forClient(await readDocument(db, invoiceId, own), view);
	};
