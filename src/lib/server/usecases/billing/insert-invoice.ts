// Writes an invoice with its lines inside a change that is already open: by staff, by an order, by a renewal.
// Amounts are computed here and nowhere else; whoever calls gives quantities and prices.
import { sql } from 'drizzle-orm';
import type { PortalActor, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, InvoiceId, OrderId, SubscriptionId } from '#domain/ids.ts';
import { lineAmount, MAX_TOTAL_MINOR, totalsOf, type LineInput, type Totals } from '#domain/money.ts';
import { nextNumber } from '#server/db/next-number.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { stamp } from '../portal/scope.ts';

export type NewLine = LineInput & { description: string };

export type NewInvoice = {
	clientId: ClientId;
	/** A draft has no number yet and no client sees it; an open one gets the agency's next. */
	status: 'draft' | 'open';
	currency: string;
	/** Hundredths of a percent. */
	taxRateBp: number;
	lines: readonly NewLine[];
	/** Calendar days, "2026-01-31". */
	issuedOn: string;
	dueOn: string;
	note?: string;
	orderId?: OrderId | null;
	subscriptionId?: SubscriptionId | null;
	/** First day of the period that a subscription's invoice pays for: never invoiced twice. */
	periodFrom?: string | null;
};

export type InsertedInvoice = Totals & { id: InvoiceId; number: string | null };

/** How the agency invoices: what an order or a subscription takes over when nothing else was agreed. */
export type InvoiceTerms = { currency: string; taxRateBp: number; paymentDays: number };

export async function readTerms(tx: Pick<Tx, 'execute'>, agencyId: AgencyId): Promise<InvoiceTerms> {
	const [terms] = await tx.execute<InvoiceTerms>(sql`
		SELECT currency, tax_rate_bp AS "taxRateBp", payment_days AS "paymentDays" FROM agency WHERE id = ${agencyId}`);
	if (!terms) throw new AppError('not_found', 'There is no such agency.');
	return terms;
}

/** @throws AppError `invalid` for an amount beyond what can be summed exactly */
export function checkedTotals(lines: readonly LineInput[], currency: string, taxRateBp: number): Totals {
	const isTooLarge = lines.some((line) => Math.abs(lineAmount(line)) > MAX_TOTAL_MINOR);
	const totals = isTooLarge ? null : totalsOf(lines, currency, taxRateBp);
	if (!totals || totals.totalMinor > MAX_TOTAL_MINOR)
		throw new AppError('invalid', 'This amount is too large for one invoice. Split it into several.');
	return totals;
}

export async function insertLines(
	tx: Tx,
	ids: Ids,
	invoiceId: InvoiceId,
	lines: readonly NewLine[]
): Promise<void> {
	if (lines.length === 0) return;
	const rows = lines.map(
		(line, index) => sql`(${ids.uuid()}, ${invoiceId}, ${index + 1}, ${line.description}, ${line.quantity},
			${line.unitMinor}, ${lineAmount(line)})`
	);
	await tx.execute(sql`
		INSERT INTO invoice_line (id, invoice_id, position, description, quantity, unit_minor, amount_minor)
		VALUES ${sql.join(rows, sql`, `)}`);
}

/**
 * The invoice and its lines. One of nothing (a free first month) is paid as soon as it is open.
 * @throws AppError `invalid` for amounts too large
 */
export async function insertInvoice(
	{ tx, ids, actor }: { tx: Tx; ids: Ids; actor: PortalActor | StaffActor | SystemActor },
	invoice: NewInvoice
): Promise<InsertedInvoice> {
	const totals = checkedTotals(invoice.lines, invoice.currency, invoice.taxRateBp);
	const id = ids.uuid() as InvoiceId;
	const isOpen = invoice.status === 'open';
	const number = isOpen ? await nextNumber(tx, actor.agencyId, 'INV') : null;
	const isPaid = isOpen && totals.totalMinor === 0;
	await tx.execute(sql`
		INSERT INTO invoice (id, agency_id, client_id, number, status, issued_on, due_on, paid_on, currency, tax_rate_bp,
			subtotal_minor, tax_minor, total_minor, note, order_id, subscription_id, period_from, sent_at,
			made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${actor.agencyId}, ${invoice.clientId}, ${number}, ${isPaid ? 'paid' : invoice.status},
			${invoice.issuedOn}::date, ${invoice.dueOn}::date, ${isPaid ? invoice.issuedOn : null}::date,
			${invoice.currency}, ${invoice.taxRateBp}, ${totals.subtotalMinor}, ${totals.taxMinor}, ${totals.totalMinor},
			${invoice.note ?? ''}, ${invoice.orderId ?? null}::uuid, ${invoice.subscriptionId ?? null}::uuid,
			${invoice.periodFrom ?? null}::date, ${isOpen ? sql`now()` : sql`NULL`}, ${stamp(actor)})`);
	await insertLines(tx, ids, id, invoice.lines);
	return { id, number, ...totals };
}
