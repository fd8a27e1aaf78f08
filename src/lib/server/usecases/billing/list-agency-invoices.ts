// Invoices of all clients, or of one, as staff work through them.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { containing, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import {
	INVOICE_COLUMNS,
	INVOICE_FILTERS,
	INVOICE_SORTS,
	type InvoiceFilterKey,
	type InvoiceRow,
	type InvoiceSort
} from './invoice-rows.ts';
import { readMonths, readSums, type MonthSum, type Sums } from './read-sums.ts';

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]];

/** The list's address; what makes no sense is left out, never an error. */
export const invoiceFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(keysOf<InvoiceFilterKey>(INVOICE_FILTERS)).catch('all'),
	client: z.string().refine(isUuid).optional().catch(undefined),
	sort: z.enum(keysOf<InvoiceSort>(INVOICE_SORTS)).catch('-issued'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type InvoiceFilters = z.infer<typeof invoiceFilters>;

export type AgencyInvoiceRow = InvoiceRow & { client: { id: ClientId; name: string } };
export type AgencyInvoiceList = {
	rows: AgencyInvoiceRow[];
	total: number;
	/** By currency; paid is of the last 30 days. */
	sums: Sums[];
	months: { currency: string; months: MonthSum[] } | null;
	/** Claims that wait for an answer. */
	claimed: number;
	/** The client filtered by. */
	client: { id: ClientId; name: string } | null;
};

const ownOf = (actor: StaffActor, client: string | undefined, alias: string): SQL => {
	const agency = sql`${sql.raw(alias)}.agency_id = ${actor.agencyId}`;
	return client ? sql`${agency} AND ${sql.raw(alias)}.client_id = ${client}` : agency;
};

function where(actor: StaffActor, own: SQL, { q, status }: InvoiceFilters): SQL {
	// The clients that match are found once and looked up in a hash, not asked for row by row.
	const search = q
		? sql`(i.number ILIKE ${containing(q)} OR i.client_id IN (SELECT k.id FROM client k
			WHERE k.agency_id = ${actor.agencyId} AND k.name ILIKE ${containing(q)}))`
		: sql`true`;
	return sql`${own} AND ${INVOICE_FILTERS[status]} AND ${search}`;
}

async function readClient(
	db: Db,
	actor: StaffActor,
	id: string | undefined
): Promise<AgencyInvoiceList['client']> {
	if (!id) return null;
	await requireClient(db, actor, id);
	const [client] = await db.execute<{ id: ClientId; name: string }>(
		sql`SELECT id, name FROM client WHERE id = ${id} AND agency_id = ${actor.agencyId}`
	);
	return client ?? null;
}

const readRows = (db: Db, filter: SQL, { sort, page }: InvoiceFilters) =>
	db.execute<AgencyInvoiceRow>(sql`
		SELECT ${INVOICE_COLUMNS}, json_build_object('id', c.id, 'name', c.name) AS client
		FROM invoice i JOIN client c ON c.id = i.client_id WHERE ${filter}
		ORDER BY ${sql.raw(INVOICE_SORTS[sort])} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);

const readClaimed = (db: Db, own: SQL) =>
	db.execute<{ n: number }>(sql`
		SELECT count(*)::int AS n FROM invoice i WHERE ${own} AND ${INVOICE_FILTERS.claimed}`);

/** @throws AppError `not_allowed` without `clients.read`; `not_found` for another agency's client */
export const listAgencyInvoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: InvoiceFilters): Promise<AgencyInvoiceList> => {
		await requireReader(db, actor, 'clients.read');
		const client = await readClient(db, actor, filters.client);
		const own = ownOf(actor, filters.client, 'i');
		const filter = where(actor, own, filters);
		const [rows, [count], sums, months, [claimed]] = await Promise.all([
			readRows(db, filter, filters),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM invoice i WHERE ${filter}`),
			readSums(db, {
				own,
				ownPayments: ownOf(actor, filters.client, 'p'),
				since: sql`current_date - 30`
			}),
			readMonths(db, own),
			readClaimed(db, own)
		]);
		return { rows: [...rows], total: count?.n ?? 0, sums, months, claimed: claimed?.n ?? 0, client };
	};
