// A client's invoices; only for contacts who may see billing.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { InvoiceId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { ownRows, PAGE_SIZE, requireArea } from './scope.ts';

export type InvoiceStatus = 'open' | 'paid' | 'void';
export type InvoiceFilter = { status: InvoiceStatus | 'all'; page: number };
export type InvoiceRow = {
	id: InvoiceId;
	number: string;
	status: InvoiceStatus;
	issuedOn: string;
	dueOn: string;
	overdue: boolean;
	currency: string;
	totalMinor: number;
};
export type InvoiceList = {
	rows: InvoiceRow[];
	total: number;
	/** What is unpaid, by currency. */
	unpaid: { currency: string; totalMinor: number; count: number }[];
};

export const INVOICE_COLUMNS = sql`i.id, i.number, i.status, i.issued_on::text AS "issuedOn", i.due_on::text AS "dueOn",
	i.status = 'open' AND i.due_on < current_date AS overdue, i.currency, i.total_minor AS "totalMinor"`;

/** @throws AppError `not_found` when the client or the contact sees no invoices */
export const listInvoices =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filter: InvoiceFilter): Promise<InvoiceList> => {
		await requireArea(db, actor, 'invoices');
		const own = ownRows(actor, 'i');
		const where = sql`${own} AND (${filter.status} = 'all' OR i.status = ${filter.status})`;
		const [rows, [total], unpaid] = await Promise.all([
			db.execute<Omit<InvoiceRow, 'totalMinor'> & { totalMinor: string }>(sql`
				SELECT ${INVOICE_COLUMNS} FROM invoice i WHERE ${where} ORDER BY i.issued_on DESC, i.id
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM invoice i WHERE ${where}`),
			db.execute<{ currency: string; sum: string; count: number }>(sql`
				SELECT i.currency, sum(i.total_minor)::bigint AS sum, count(*)::int AS count FROM invoice i
				WHERE ${own} AND i.status = 'open' GROUP BY i.currency ORDER BY i.currency`)
		]);
		return {
			rows: rows.map((row) => ({ ...row, totalMinor: Number(row.totalMinor) })),
			total: total?.n ?? 0,
			unpaid: unpaid.map(({ currency, sum, count }) => ({ currency, totalMinor: Number(sum), count }))
		};
	};
