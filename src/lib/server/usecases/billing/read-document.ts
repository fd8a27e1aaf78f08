// One invoice with all that stands on it, for whichever side may see it. Amounts are shown as they were issued, never
// computed anew: the page and the PDF take theirs from here.
import { sql, type SQL } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { ClientId, InvoiceId, OrderId, SubscriptionId } from '#domain/ids.ts';
import type { Reader } from '#server/db/types.ts';
import { epochMs, type Maker } from '../portal/scope.ts';
import { INVOICE_COLUMNS, type InvoiceRow } from './invoice-rows.ts';

export type InvoiceLine = {
	id: string;
	description: string;
	quantity: number;
	unitMinor: number;
	amountMinor: number;
};
export type PaymentRow = {
	id: string;
	amountMinor: number;
	method: string;
	reference: string;
	paidOn: string;
	/** Who of the agency recorded it; null for one of before payments were kept. */
	staff: string | null;
};
export type Claim = { at: number; reference: string; maker: Maker };

export type InvoiceDocument = InvoiceRow & {
	clientId: ClientId;
	paidOn: string | null;
	/** In hundredths of a percent. */
	taxRateBp: number;
	subtotalMinor: number;
	taxMinor: number;
	note: string;
	voidReason: string | null;
	periodFrom: string | null;
	claim: Claim | null;
	/** What staff answered to the last claim. */
	claimAnswer: string | null;
	order: { id: OrderId; number: string } | null;
	subscription: { id: SubscriptionId; name: string } | null;
	lines: InvoiceLine[];
	payments: PaymentRow[];
	/** Both parties as they are called today. */
	from: { name: string; address: string; taxId: string; paymentNote: string };
	to: { name: string; address: string; taxId: string };
};

type Head = Omit<InvoiceDocument, 'lines' | 'payments' | 'claim'> & {
	claimAt: string | null;
	claimReference: string | null;
	claimMaker: Maker;
};

const readHead = (reader: Reader, id: InvoiceId, own: SQL) =>
	reader.execute<Head>(sql`
		SELECT ${INVOICE_COLUMNS}, i.client_id AS "clientId", i.paid_on::text AS "paidOn", i.tax_rate_bp AS "taxRateBp",
			i.subtotal_minor::float8 AS "subtotalMinor", i.tax_minor::float8 AS "taxMinor", i.note,
			i.void_reason AS "voidReason", i.period_from::text AS "periodFrom",
			${epochMs('i.claimed_at')} AS "claimAt", i.claim_reference AS "claimReference", CASE WHEN i.claimed_at IS NULL THEN i.claim_answer END AS "claimAnswer",
			json_build_object('contact', (SELECT name FROM contact WHERE id = i.claim_by_contact_id),
				'staff', (SELECT name FROM staff WHERE id = i.claim_by_staff_id)) AS "claimMaker",
			CASE WHEN o.id IS NOT NULL THEN json_build_object('id', o.id, 'number', o.number) END AS "order",
			CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name) END AS subscription,
			json_build_object('name', a.name, 'address', a.address, 'taxId', a.tax_id, 'paymentNote', a.payment_note) AS "from",
			json_build_object('name', c.name, 'address', c.address, 'taxId', c.tax_id) AS "to"
		FROM invoice i JOIN agency a ON a.id = i.agency_id JOIN client c ON c.id = i.client_id
		LEFT JOIN client_order o ON o.id = i.order_id LEFT JOIN subscription s ON s.id = i.subscription_id
		WHERE i.id = ${id} AND ${own}`);

const readLines = (reader: Reader, id: InvoiceId) =>
	reader.execute<InvoiceLine>(sql`
		SELECT id, description, quantity, unit_minor::float8 AS "unitMinor", amount_minor::float8 AS "amountMinor"
		FROM invoice_line WHERE invoice_id = ${id} ORDER BY position`);

const readPayments = (reader: Reader, id: InvoiceId) =>
	reader.execute<PaymentRow>(sql`
		SELECT p.id, p.amount_minor::float8 AS "amountMinor", p.method, p.reference, p.paid_on::text AS "paidOn",
			(SELECT name FROM staff WHERE id = p.made_by_staff_id) AS staff
		FROM payment p WHERE p.invoice_id = ${id} ORDER BY p.paid_on, p.id`);

/**
 * @param own condition on `invoice i` that says which rows the actor reaches
 * @throws AppError `not_found`
 */
export async function readDocument(reader: Reader, id: InvoiceId, own: SQL): Promise<InvoiceDocument> {
	const [head] = await readHead(reader, id, own);
	if (!head) throw new AppError('not_found', 'There is no such invoice.');
	const [lines, payments] = await Promise.all([readLines(reader, id), readPayments(reader, id)]);
	const { claimAt, claimReference, claimMaker, ...invoice } = head;
	return {
		...invoice,
		claim:
			claimAt === null ? null : { at: Number(claimAt), reference: claimReference ?? '', maker: claimMaker },
		lines: [...lines],
		payments: [...payments]
	};
}
