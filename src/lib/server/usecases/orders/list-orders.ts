// Orders a page at a time: a client's own in the portal, all or one client's for staff.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { isUuid, type AgencyId, type ClientId, type OrderId } from '#domain/ids.ts';
import { ORDER_STATUSES, type OrderStatus } from '#domain/order-status.ts';
import { may } from '#domain/visibility.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { readTally } from '#server/db/tallies.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { clientsNamed } from '../agency/clients-named.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';
import {
	epochMs,
	likePattern,
	makerOf,
	ownRows,
	PAGE_SIZE,
	requireArea,
	type Maker
} from '../portal/scope.ts';

const STATUSES = Object.keys(ORDER_STATUSES) as [OrderStatus, ...OrderStatus[]];
/** `open` is everything that is not over. */
export const ORDER_FILTERS = ['all', 'open', ...STATUSES] as const;

const SORTS = {
	'-created': 'o.created_at DESC, o.id',
	created: 'o.created_at, o.id',
	number: 'o.number, o.id',
	'-number': 'o.number DESC, o.id',
	service: 'lower(o.service_name), o.created_at DESC, o.id',
	'-service': 'lower(o.service_name) DESC, o.created_at DESC, o.id',
	status: 'o.status, o.created_at DESC, o.id',
	'-status': 'o.status DESC, o.created_at DESC, o.id',
	total: 'o.total_minor, o.id',
	'-total': 'o.total_minor DESC, o.id'
} as const;
export type OrderSort = keyof typeof SORTS;

/** The list's address; what makes no sense there falls back, so that no bookmark breaks. */
export const orderFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(ORDER_FILTERS).catch('all'),
	client: z.string().refine(isUuid).optional().catch(undefined),
	sort: z.enum(Object.keys(SORTS) as [OrderSort, ...OrderSort[]]).catch('-created'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type OrderFilters = z.infer<typeof orderFilters>;

export type OrderRow = {
	id: OrderId;
	number: string;
	serviceName: string;
	packageName: string;
	status: OrderStatus;
	createdAt: number;
	currency: string;
	/** Null: this contact does not see amounts. */
	totalMinor: number | null;
	maker: Maker;
	client: { id: ClientId; name: string };
};
export type OrderList = Counted & { rows: OrderRow[]; counts: Record<OrderStatus, number> };

const OPEN = sql`o.status IN ('pending', 'in_progress', 'delivered')`;

type Reach = {
	/** Whose rows. */
	scope: SQL;
	amounts: boolean;
	/** All of this agency: its clients' names are searched too, and its numbers are kept. */
	agency: AgencyId | null;
};

async function filtered(db: Reader, { scope, agency }: Reach, { status, q }: OrderFilters): Promise<SQL> {
	const pattern = q ? likePattern(q) : null;
	const byClient =
		agency && pattern ? sql` OR o.client_id = ANY (${await clientsNamed(db, agency, pattern)})` : sql``;
	const search = pattern
		? sql` AND (o.number ILIKE ${pattern} OR o.service_name ILIKE ${pattern} OR o.package_name ILIKE ${pattern}${byClient})`
		: sql``;
	const state =
		status === 'all' ? sql`` : status === 'open' ? sql` AND ${OPEN}` : sql` AND o.status = ${status}`;
	return sql`${scope}${state}${search}`;
}

async function readCounts(db: Reader, { scope, agency }: Reach): Promise<Map<string, number>> {
	if (agency) return readTally(db, agency, 'order.status');
	const states = await db.execute<{ status: OrderStatus; n: number }>(sql`
		SELECT o.status, count(*)::int AS n FROM client_order o WHERE ${scope} GROUP BY o.status`);
	return new Map(states.map((state) => [state.status, state.n]));
}

const OPEN_STATUSES: readonly OrderStatus[] = ['pending', 'in_progress', 'delivered'];

/** The filter's own rows: told by the counts by status where nothing is searched. */
async function readTotal(db: Reader, where: SQL, { q, status }: OrderFilters, counts: OrderList['counts']) {
	if (q) return countRows(db, sql`${sql.raw(PLANNED_ANEW)} FROM client_order o WHERE ${where}`);
	const asked = status === 'all' ? STATUSES : status === 'open' ? OPEN_STATUSES : [status];
	return { total: asked.reduce((sum, one) => sum + counts[one], 0), isMore: false };
}

async function readList(db: Reader, reach: Reach, filters: OrderFilters): Promise<OrderList> {
	const where = await filtered(db, reach, filters);
	// A hidden amount must not be told by the order of the rows either.
	const sort = !reach.amounts && filters.sort.endsWith('total') ? '-created' : filters.sort;
	const [rows, found] = await Promise.all([
		db.execute<Omit<OrderRow, 'createdAt'> & { createdAt: string }>(sql`
			SELECT ${sql.raw(PLANNED_ANEW)} o.id, o.number, o.service_name AS "serviceName", o.package_name AS "packageName", o.status,
				${epochMs('o.created_at')} AS "createdAt", o.currency, ${makerOf('o')} AS maker,
				${reach.amounts ? sql`o.total_minor::float8` : sql`NULL::float8`} AS "totalMinor",
				json_build_object('id', o.client_id, 'name', (SELECT name FROM client WHERE id = o.client_id)) AS client
			FROM client_order o WHERE ${where} ORDER BY ${sql.raw(SORTS[sort])}
			LIMIT ${PAGE_SIZE} OFFSET ${(filters.page - 1) * PAGE_SIZE}`),
		readCounts(db, reach)
	]);
	const counts = Object.fromEntries(
		STATUSES.map((status) => [status, found.get(status) ?? 0])
	) as OrderList['counts'];
	return {
		rows: rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) })),
		counts,
		...(await readTotal(db, where, filters, counts))
	};
}

/** @throws AppError `not_found` when this contact sees no orders */
export const listOrders =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filters: OrderFilters): Promise<OrderList> => {
		const view = await requireArea(db, actor, 'orders');
		const amounts = may('orders.amounts', view, 'see');
		return readList(db, { scope: ownRows(actor, 'o'), amounts, agency: null }, filters);
	};

/** Of the whole agency, or of the client the filters name. @throws AppError `not_allowed` */
export const listAllOrders =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: OrderFilters): Promise<OrderList & { client: string | null }> => {
		await requireReader(db, actor, 'orders.manage');
		const { client } = filters;
		const scope = sql`o.agency_id = ${actor.agencyId}${client ? sql` AND o.client_id = ${client}` : sql``}`;
		const [list, [named]] = await Promise.all([
			readList(db, { scope, amounts: true, agency: client ? null : actor.agencyId }, filters),
			client
				? db.execute<{ name: string }>(
						sql`SELECT name FROM client WHERE id = ${client} AND agency_id = ${actor.agencyId}`
					)
				: []
		]);
		return { ...list, client: named?.name ?? null };
	};

/** As Client Details shows them to whoever may see clients. @throws AppError `not_found`, `not_allowed` */
export const listClientOrders =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string, filters: OrderFilters): Promise<OrderList> => {
		await requireClient(db, actor, clientId);
		const scope = sql`o.agency_id = ${actor.agencyId} AND o.client_id = ${clientId}`;
		return readList(db, { scope, amounts: true, agency: null }, filters);
	};
