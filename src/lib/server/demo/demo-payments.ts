// Closes the demo's books: numbers without holes over all invoices, a payment for each that is paid, and where the
// counter stands, so that the next invoice goes on.
import type { AgencyId, PaymentId, StaffId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import { dayOf, DEMO_PAYMENT_DAYS, type Build, type DemoInvoice } from './demo-invoices.ts';

const DAY_MS = 86_400_000;

type Payment = typeof tables.payment.$inferInsert;
export type ClosedBooks = {
	invoices: DemoInvoice[];
	payments: Payment[];
	counter: typeof tables.counter.$inferInsert;
};

/** In the order they were sent, as in real books. */
function number(invoices: readonly DemoInvoice[]): { numbered: DemoInvoice[]; last: number } {
	let last = 0;
	const numbered = invoices
		.toSorted((a, b) => a.issuedOn.localeCompare(b.issuedOn))
		.map((row) => {
			if (row.status === 'draft') return row;
			last += 1;
			return { ...row, number: `INV-${String(last).padStart(5, '0')}` };
		});
	return { numbered, last };
}

function paymentOf(
	{ dice, ids, now }: Build,
	row: DemoInvoice,
	amountMinor: number,
	staff: readonly StaffId[]
): Payment {
	const due = Date.parse(row.issuedOn) + DEMO_PAYMENT_DAYS * DAY_MS;
	const paid = Math.min(due - dice.between(0, 9) * DAY_MS, now);
	return {
		id: ids.uuid() as PaymentId,
		agencyId: row.agencyId,
		clientId: row.clientId,
		invoiceId: row.id,
		amountMinor,
		currency: row.currency,
		method: dice.pick(['transfer', 'transfer', 'transfer', 'card', 'direct_debit']),
		reference: `RF${dice.between(10, 99)} ${dice.between(1_000, 9_999)} ${row.number ?? ''}`.trim(),
		paidOn: dayOf(paid),
		madeByStaffId: dice.pick(staff),
		createdAt: new Date(paid)
	};
}

/** Now and then a client pays in two steps, and the second is still to come. */
const partOf = ({ dice }: Build, row: DemoInvoice): number =>
	row.status === 'open' && !row.claimedAt && dice.chance(12) ? Math.floor(row.totalMinor / 3) : 0;

export function closeBooks(
	build: Build,
	agencyId: AgencyId,
	found: { invoices: readonly DemoInvoice[]; staff: readonly StaffId[] }
): ClosedBooks {
	const { numbered, last } = number(found.invoices);
	const payments: Payment[] = [];
	const invoices = numbered.map((row) => {
		const paidMinor = row.status === 'paid' ? row.totalMinor : partOf(build, row);
		if (paidMinor === 0) return row;
		const payment = paymentOf(build, row, paidMinor, found.staff);
		payments.push(payment);
		return { ...row, paidMinor, paidOn: row.status === 'paid' ? payment.paidOn : null };
	});
	return { invoices, payments, counter: { agencyId, name: 'INV', value: last } };
}
