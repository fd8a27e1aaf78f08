// What an invoice needs to be drawn: complete data, so that nothing is looked up while drawing.
import type { InvoiceStatus } from '#domain/invoice.ts';

type Party = { name: string; address: string; taxId: string };

export type InvoiceSheet = {
	/** Null for a draft. */
	number: string | null;
	status: InvoiceStatus;
	overdue: boolean;
	issuedOn: string;
	dueOn: string;
	paidOn: string | null;
	currency: string;
	/** In hundredths of a percent. */
	taxRateBp: number;
	subtotalMinor: number;
	taxMinor: number;
	totalMinor: number;
	paidMinor: number;
	note: string;
	voidReason: string | null;
	lines: readonly { description: string; quantity: number; unitMinor: number; amountMinor: number }[];
	/** Null where they are not shown to this reader. */
	payments: readonly { amountMinor: number; method: string; reference: string; paidOn: string }[] | null;
	from: Party & { paymentNote: string };
	to: Party;
	accent: string | null;
	logo: { bytes: Buffer; type: string } | null;
};

/** The name of the document. */
export const titleOf = ({ number }: Pick<InvoiceSheet, 'number'>): string =>
	number ? `Invoice ${number}` : 'Draft of an invoice';
