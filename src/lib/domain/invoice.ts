// What an invoice may become, and how its state is said; pure. Who may do it is the gate's business.
import { AppError } from './errors.ts';

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void';

/** How a payment came in. Stored with payments: added, never renamed [H4]. */
export const PAYMENT_METHODS = {
	transfer: 'Bank transfer',
	card: 'Card',
	direct_debit: 'Direct debit',
	cash: 'Cash',
	other: 'Other'
} as const;
export type PaymentMethod = keyof typeof PAYMENT_METHODS;

export const methodLabel = (method: string): string =>
	method in PAYMENT_METHODS ? PAYMENT_METHODS[method as PaymentMethod] : method;

export type Owed = { status: InvoiceStatus; totalMinor: number; paidMinor: number };

/** What is still due: nothing of a draft, a void or a paid one. */
export const dueMinor = ({ status, totalMinor, paidMinor }: Owed): number =>
	status === 'open' ? totalMinor - paidMinor : 0;

/** How a reader is told where an invoice stands. */
export type InvoiceState = 'draft' | 'open' | 'overdue' | 'claimed' | 'partly' | 'paid' | 'void';

/** A claim outranks lateness: it says what happens next, and "overdue" would accuse somebody who has paid. */
export function stateOf(invoice: Owed & { overdue: boolean; claimed: boolean }): InvoiceState {
	if (invoice.status !== 'open') return invoice.status;
	if (invoice.claimed) return 'claimed';
	if (invoice.overdue) return 'overdue';
	return invoice.paidMinor > 0 ? 'partly' : 'open';
}

const NOT_OPEN: Record<Exclude<InvoiceStatus, 'open'>, string> = {
	draft: 'This invoice was not sent yet. Send it first.',
	paid: 'This invoice is paid already.',
	void: 'This invoice is void, so nothing is due.'
};

/** @throws AppError `conflict` unless money is still due */
export function requireOpen(status: InvoiceStatus): void {
	if (status !== 'open') throw new AppError('conflict', NOT_OPEN[status]);
}

/** @throws AppError `conflict` once it was sent: what a client holds in hands is never rewritten */
export function requireDraft(status: InvoiceStatus): void {
	if (status !== 'draft')
		throw new AppError(
			'conflict',
			'This invoice was sent, so it cannot be changed. Void it and make a new one.'
		);
}
