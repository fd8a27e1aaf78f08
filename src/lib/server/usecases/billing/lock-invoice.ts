// Holds an invoice for a change, so that two payments, or a payment and a void, come one after the other.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { ClientId, InvoiceId } from '#domain/ids.ts';
import type { InvoiceStatus } from '#domain/invoice.ts';
import type { Tx } from '#server/db/types.ts';
import { reach, type BillingActor } from './reach.ts';

export type LockedInvoice = {
	id: InvoiceId;
	clientId: ClientId;
	number: string | null;
	status: InvoiceStatus;
	currency: string;
	taxRateBp: number;
	issuedOn: string;
	totalMinor: number;
	paidMinor: number;
	claimed: boolean;
};

/** What the log calls it. */
export const invoiceLabel = ({ number }: Pick<LockedInvoice, 'number'>): string => number ?? 'Draft invoice';

/** @throws AppError `not_found`, for clients also of a draft */
export async function lockInvoice(tx: Tx, actor: BillingActor, id: InvoiceId): Promise<LockedInvoice> {
	const [row] = await tx.execute<LockedInvoice>(sql`
		SELECT i.id, i.client_id AS "clientId", i.number, i.status, i.currency, i.tax_rate_bp AS "taxRateBp",
			i.issued_on::text AS "issuedOn", i.total_minor::float8 AS "totalMinor", i.paid_minor::float8 AS "paidMinor",
			i.claimed_at IS NOT NULL AS claimed
		FROM invoice i WHERE i.id = ${id} AND ${reach(actor, 'i')} FOR UPDATE`);
	if (!row || (row.status === 'draft' && actor.kind !== 'staff'))
		throw new AppError('not_found', 'There is no such invoice.');
	return row;
}
