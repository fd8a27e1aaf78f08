// Invoices of all clients, or of one, as staff work through them.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { findRows } from '#server/db/found-rows.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { readTally } from '#server/db/tallies.ts';
import type { Db } from '#server/db/types.ts';
import { clientsNamed } from '../agency/clients-named.ts';
import { containing, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import {
	INVOICE_COLUMNS,
	INVOICE_FILTERS,
	INVOICE_SORTS,
	type InvoiceFilterKey,
	type InvoiceRow,
	type InvoiceSort
} from './invoice-rows.ts';
import { readAgencyMonths, readAgencySums } from './read-agency-sums.ts';
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
	/** There are more than `total`: counting stopped there. */
	isMore: boolean;
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

const pageOf =
	({ sort, page }: InvoiceFilters) =>
	(from: SQL, where: SQL): SQL => sql`
		SELECT ${sql.raw(PLANNED_ANEW)} ${INVOICE_COLUMNS}, json_build_object('id', c.id, 'name', c.name) AS client
		FROM ${from} JOIN client c ON c.id = i.client_id WHERE ${where}
		ORDER BY ${sql.raw(INVOICE_SORTS[sort])} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;

const readClaimed = (db: Db, own: SQL) =>
	db.execute<{ n: number }>(sql`
		SELECT count(*)::int AS n FROM invoice i WHERE ${own} AND ${INVOICE_FILTERS.claimed}`);

/** States whose number is kept; the others are filtered and counted. */
const KEPT: ReadonlySet<string> = new Set(['draft', 'open', 'paid', 'void']);

async function count(
	db: Db,
	actor: StaffActor,
	filter: SQL,
	{ status, client }: InvoiceFilters
): Promise<Counted> {
	if (client || (status !== 'all' && !KEPT.has(status)))
		return countRows(db, sql`FROM invoice i WHERE ${filter}`);
	const kept = await readTally(db, actor.agencyId, 'invoice.status');
	const total =
		status === 'all' ? [...kept.values()].reduce((sum, n) => sum + n, 0) : (kept.get(status) ?? 0);
	return { total, isMore: false };
}

type Rows = Counted & { rows: AgencyInvoiceRow[] };

async function readRows(db: Db, actor: StaffActor, filter: SQL, filters: InvoiceFilters): Promise<Rows> {
	const page = pageOf(filters);
	if (filters.q) {
		const pattern = containing(filters.q);
		const clients = await clientsNamed(db, actor.agencyId, pattern);
		const where = sql`${filter} AND (i.number ILIKE ${pattern} OR i.client_id = ANY (${clients}))`;
		return findRows<AgencyInvoiceRow>(db, { table: 'invoice', alias: 'i', where, page });
	}
	const [rows, counted] = await Promise.all([
		db.execute<AgencyInvoiceRow>(page(sql`invoice i`, filter)),
		count(db, actor, filter, filters)
	]);
	return { rows: [...rows], ...counted };
}

/** What the invoices of one client add up to, or those of the whole agency. */
function sumsOf(db: Db, actor: StaffActor, client: string | undefined, own: SQL) {
	if (!client) return [readAgencySums(db, actor.agencyId), readAgencyMonths(db, actor.agencyId)] as const;
	const ownPayments = ownOf(actor, client, 'p');
	return [readSums(db, { own, ownPayments, since: sql`current_date - 30` }), readMonths(db, own)] as const;
}

/** @throws AppError `not_allowed` without `clients.read`; `not_found` for another agency's client */
export const listAgencyInvoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: InvoiceFilters): Promise<AgencyInvoiceList> => {
		await requireReader(db, actor, 'clients.read');
		const client = await readClient(db, actor, filters.client);
		const own = ownOf(actor, filters.client, 'i');
		const filter = sql`${own} AND ${INVOICE_FILTERS[filters.status]}`;
		const [found, sums, months, [claimed]] = await Promise.all([
			readRows(db, actor, filter, filters),
			...sumsOf(db, actor, filters.client, own),
			readClaimed(db, own)
		]);
		return { ...found, sums, months, claimed: claimed?.n ?? 0, client };
	};
