// One invoice with its lines. Amounts are in minor units and are shown as they were issued, never computed anew.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { InvoiceId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { INVOICE_COLUMNS, type InvoiceRow } from './list-invoices.ts';
import { ownRows, requireArea, requireId } from './scope.ts';

export type InvoiceLine = {
	id: string;
	description: string;
	quantity: number;
	unitMinor: number;
	amountMinor: number;
};
export type InvoiceDetail = InvoiceRow & {
	paidOn: string | null;
	/** In hundredths of a percent. */
	taxRateBp: number;
	subtotalMinor: number;
	taxMinor: number;
	note: string;
	lines: InvoiceLine[];
};

type Head = Omit<InvoiceDetail, 'totalMinor' | 'subtotalMinor' | 'taxMinor' | 'lines'> & {
	totalMinor: string;
	subtotalMinor: string;
	taxMinor: string;
};

/** @throws AppError `not_found`, also for another client's invoice and without the billing right */
export const readInvoice =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string): Promise<InvoiceDetail> => {
		const invoiceId = requireId<InvoiceId>(id, 'invoice');
		await requireArea(db, actor, 'invoices');
		const [head] = await db.execute<Head>(sql`
			SELECT ${INVOICE_COLUMNS}, i.paid_on::text AS "paidOn", i.tax_rate_bp AS "taxRateBp",
				i.subtotal_minor AS "subtotalMinor", i.tax_minor AS "taxMinor", i.note
			FROM invoice i WHERE i.id = ${invoiceId} AND ${ownRows(actor, 'i')}`);
		if (!head) throw new AppError('not_found', 'There is no such invoice.');
		const lines = await db.execute<
			Omit<InvoiceLine, 'unitMinor' | 'amountMinor'> & { unit: string; amount: string }
		>(
			sql`SELECT id, description, quantity, unit_minor AS unit, amount_minor AS amount
				FROM invoice_line WHERE invoice_id = ${invoiceId} ORDER BY position`
		);
		return {
			...head,
			totalMinor: Number(head.totalMinor),
			subtotalMinor: Number(head.subtotalMinor),
			taxMinor: Number(head.taxMinor),
			lines: lines.map(({ unit, amount, ...line }) => ({
				...line,
				unitMinor: Number(unit),
				amountMinor: Number(amount)
			}))
		};
	};
