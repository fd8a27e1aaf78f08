// A client's invoices; only for contacts who may see billing. Drafts are the agency's own and never among them.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { likePattern, ownRows, PAGE_SIZE, requireArea } from '../portal/scope.ts';
import {
	INVOICE_COLUMNS,
	INVOICE_FILTERS,
	INVOICE_SORTS,
	type InvoiceRow,
	type InvoiceSort
} from './invoice-rows.ts';
import { readMonths, readSums, type MonthSum, type Sums } from './read-sums.ts';

export type InvoiceFilter = {
	status: 'all' | 'open' | 'overdue' | 'paid' | 'void';
	q: string;
	sort: InvoiceSort;
	page: number;
};
export type InvoiceList = {
	rows: InvoiceRow[];
	total: number;
	/** By currency; paid is of this year. */
	sums: Sums[];
	months: { currency: string; months: MonthSum[] } | null;
};

/** @throws AppError `not_found` when the client or the contact sees no invoices */
export const listInvoices =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filter: InvoiceFilter): Promise<InvoiceList> => {
		await requireArea(db, actor, 'invoices');
		const own = sql`${ownRows(actor, 'i')} AND i.status <> 'draft'`;
		const search = filter.q ? sql`i.number ILIKE ${likePattern(filter.q)}` : sql`true`;
		const where = sql`${own} AND ${INVOICE_FILTERS[filter.status]} AND ${search}`;
		const [rows, [total], sums, months] = await Promise.all([
			db.execute<InvoiceRow>(sql`
				SELECT ${INVOICE_COLUMNS} FROM invoice i WHERE ${where} ORDER BY ${sql.raw(INVOICE_SORTS[filter.sort])}
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM invoice i WHERE ${where}`),
			readSums(db, {
				own,
				ownPayments: ownRows(actor, 'p'),
				since: sql`date_trunc('year', current_date)`
			}),
			readMonths(db, own)
		]);
		return { rows: [...rows], total: total?.n ?? 0, sums, months };
	};
