// Subscriptions of all clients, or of one, as staff look through them; and one of them with what may be done to it.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId, type SubscriptionId } from '#domain/ids.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { findRows } from '#server/db/found-rows.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { readTally } from '#server/db/tallies.ts';
import type { Db } from '#server/db/types.ts';
import { clientsNamed } from '../agency/clients-named.ts';
import { containing, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import { reach } from '../billing/reach.ts';
import { requireId } from '../portal/scope.ts';
import { readAgencyCosts, readCosts, statusIs, type RunningCost } from './list-subscriptions.ts';
import type { PartPages } from '../portal/part-pages.ts';
import { readHistory } from './read-history.ts';
import { readPlans } from './read-plans.ts';
import {
	readItsInvoices,
	readRecord,
	type SubscriptionDetail,
	type SubscriptionPart
} from './read-subscription.ts';
import {
	SUBSCRIPTION_COLUMNS,
	SUBSCRIPTION_SORTS,
	SUBSCRIPTION_STATUSES,
	type SubscriptionRow,
	type SubscriptionSort
} from './subscription-rows.ts';

/** The list's address; what makes no sense is left out, never an error. */
export const subscriptionFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(['current', ...SUBSCRIPTION_STATUSES, 'all']).catch('current'),
	client: z.string().refine(isUuid).optional().catch(undefined),
	sort: z
		.enum(Object.keys(SUBSCRIPTION_SORTS) as [SubscriptionSort, ...SubscriptionSort[]])
		.catch('-created'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type SubscriptionFilters = z.infer<typeof subscriptionFilters>;

export type AgencySubscriptionRow = SubscriptionRow & { client: { id: ClientId; name: string } };
export type AgencySubscriptionList = {
	rows: AgencySubscriptionRow[];
	total: number;
	/** There are more than `total`: counting stopped there. */
	isMore: boolean;
	costs: RunningCost[];
	/** The client filtered by. */
	client: { id: ClientId; name: string } | null;
};

const pageOf =
	({ sort, page }: SubscriptionFilters) =>
	(from: SQL, where: SQL): SQL => sql`
		SELECT ${sql.raw(PLANNED_ANEW)} ${SUBSCRIPTION_COLUMNS}, json_build_object('id', c.id, 'name', c.name) AS client
		FROM ${from} JOIN client c ON c.id = s.client_id WHERE ${where}
		ORDER BY ${sql.raw(SUBSCRIPTION_SORTS[sort])} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;

/** Of the whole agency the numbers are kept. */
async function count(db: Db, actor: StaffActor, own: SQL, { status, client }: SubscriptionFilters) {
	if (client) return countRows(db, sql`FROM subscription s WHERE ${own} AND ${statusIs(status)}`);
	const kept = await readTally(db, actor.agencyId, 'subscription.status');
	const asked = [...kept].filter(([one]) =>
		status === 'current' ? one !== 'cancelled' : status === 'all' || one === status
	);
	return { total: asked.reduce((sum, [, n]) => sum + n, 0), isMore: false };
}

type Rows = Counted & { rows: AgencySubscriptionRow[] };

async function readRows(db: Db, actor: StaffActor, own: SQL, filters: SubscriptionFilters): Promise<Rows> {
	const [page, filter] = [pageOf(filters), sql`${own} AND ${statusIs(filters.status)}`];
	if (filters.q) {
		const pattern = containing(filters.q);
		const clients = await clientsNamed(db, actor.agencyId, pattern);
		const where = sql`${filter} AND (s.name ILIKE ${pattern} OR s.client_id = ANY (${clients}))`;
		return findRows<AgencySubscriptionRow>(db, { table: 'subscription', alias: 's', where, page });
	}
	const [rows, counted] = await Promise.all([
		db.execute<AgencySubscriptionRow>(page(sql`subscription s`, filter)),
		count(db, actor, own, filters)
	]);
	return { rows: [...rows], ...counted };
}

/** @throws AppError `not_allowed` without `clients.read`; `not_found` for another agency's client */
export const listAgencySubscriptions =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: SubscriptionFilters): Promise<AgencySubscriptionList> => {
		await requireReader(db, actor, 'clients.read');
		if (filters.client) await requireClient(db, actor, filters.client);
		const agency = sql`s.agency_id = ${actor.agencyId}`;
		const own = filters.client ? sql`${agency} AND s.client_id = ${filters.client}` : agency;
		const [found, costs, [client]] = await Promise.all([
			readRows(db, actor, own, filters),
			filters.client ? readCosts(db, own) : readAgencyCosts(db, actor.agencyId),
			db.execute<{ id: ClientId; name: string }>(sql`
				SELECT id, name FROM client WHERE id = ${filters.client ?? null}::uuid AND agency_id = ${actor.agencyId}`)
		]);
		return { ...found, costs: [...costs], client: client ?? null };
	};

export type AgencySubscription = SubscriptionDetail & { mayManage: boolean };

/** @throws AppError `not_found` for another agency's; `not_allowed` without `clients.read` */
export const readAgencySubscription =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor,
		id: string,
		pages: PartPages<SubscriptionPart> = {}
	): Promise<AgencySubscription> => {
		const subscriptionId = requireId<SubscriptionId>(id, 'subscription');
		const { permissions } = await requireReader(db, actor, 'clients.read');
		const record = await readRecord(db, subscriptionId, reach(actor, 's'));
		const of = { agencyId: actor.agencyId, clientId: record.clientId, id: subscriptionId };
		const [plans, invoices, history] = await Promise.all([
			readPlans(db, actor, record.serviceId),
			readItsInvoices(db, subscriptionId, pages.invoices),
			readHistory(db, { ...of, page: pages.history })
		]);
		const mayManage = permissions.has('billing.manage');
		return {
			...record,
			plans,
			invoices: invoices.rows,
			history: history.rows,
			earlier: { invoices: invoices.earlier, history: history.earlier },
			mayManage
		};
	};
