// How an invoice is read as a row of any list, on both sides.
import { sql } from 'drizzle-orm';
import type { InvoiceStatus } from '#domain/invoice.ts';
import type { InvoiceId } from '#domain/ids.ts';

export type InvoiceRow = {
	id: InvoiceId;
	/** Null for a draft. */
	number: string | null;
	status: InvoiceStatus;
	issuedOn: string;
	dueOn: string;
	overdue: boolean;
	/** The client said it was paid and nobody answered yet. */
	claimed: boolean;
	currency: string;
	totalMinor: number;
	paidMinor: number;
};

/** Amounts are within what a float holds exactly: `MAX_TOTAL_MINOR` sees to it. */
export const INVOICE_COLUMNS = sql`i.id, i.number, i.status, i.issued_on::text AS "issuedOn", i.due_on::text AS "dueOn",
	i.status = 'open' AND i.due_on < current_date AS overdue, i.claimed_at IS NOT NULL AS claimed, i.currency,
	i.total_minor::float8 AS "totalMinor", i.paid_minor::float8 AS "paidMinor"`;

/** Orders a list of invoices can be put in; each has its index (0008-billing.sql). */
export const INVOICE_SORTS = {
	'-issued': 'i.issued_on DESC, i.id',
	issued: 'i.issued_on ASC, i.id DESC',
	due: 'i.due_on ASC, i.id',
	'-due': 'i.due_on DESC, i.id DESC',
	total: 'i.total_minor ASC, i.id',
	'-total': 'i.total_minor DESC, i.id DESC',
	number: 'i.number ASC',
	'-number': 'i.number DESC'
} as const;
export type InvoiceSort = keyof typeof INVOICE_SORTS;

/** SQL of one choice of the status filter. */
export const INVOICE_FILTERS = {
	all: sql`true`,
	draft: sql`i.status = 'draft'`,
	open: sql`i.status = 'open'`,
	overdue: sql`i.status = 'open' AND i.due_on < current_date`,
	claimed: sql`i.status = 'open' AND i.claimed_at IS NOT NULL`,
	paid: sql`i.status = 'paid'`,
	void: sql`i.status = 'void'`
} as const;
export type InvoiceFilterKey = keyof typeof INVOICE_FILTERS;
