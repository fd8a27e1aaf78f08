// Subscriptions of all clients, or of one, as staff look through them; and one of them with what may be done to it.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId, type SubscriptionId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { containing, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import { reach } from '../billing/reach.ts';
import { requireId } from '../portal/scope.ts';
import { readCosts, statusIs, type RunningCost } from './list-subscriptions.ts';
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
	costs: RunningCost[];
	/** The client filtered by. */
	client: { id: ClientId; name: string } | null;
};

function where(actor: StaffActor, own: SQL, { q, status }: SubscriptionFilters): SQL {
	// The clients that match are found once and looked up in a hash, not asked for row by row.
	const search = q
		? sql`(s.name ILIKE ${containing(q)} OR s.client_id IN (SELECT k.id FROM client k
			WHERE k.agency_id = ${actor.agencyId} AND k.name ILIKE ${containing(q)}))`
		: sql`true`;
	return sql`${own} AND ${statusIs(status)} AND ${search}`;
}

/** @throws AppError `not_allowed` without `clients.read`; `not_found` for another agency's client */
export const listAgencySubscriptions =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: SubscriptionFilters): Promise<AgencySubscriptionList> => {
		await requireReader(db, actor, 'clients.read');
		if (filters.client) await requireClient(db, actor, filters.client);
		const agency = sql`s.agency_id = ${actor.agencyId}`;
		const own = filters.client ? sql`${agency} AND s.client_id = ${filters.client}` : agency;
		const filter = where(actor, own, filters);
		const [rows, [count], costs, [client]] = await Promise.all([
			db.execute<AgencySubscriptionRow>(sql`
				SELECT ${SUBSCRIPTION_COLUMNS}, json_build_object('id', c.id, 'name', c.name) AS client
				FROM subscription s JOIN client c ON c.id = s.client_id WHERE ${filter}
				ORDER BY ${sql.raw(SUBSCRIPTION_SORTS[filters.sort])}
				LIMIT ${PAGE_SIZE} OFFSET ${(filters.page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM subscription s WHERE ${filter}`),
			readCosts(db, own),
			db.execute<{ id: ClientId; name: string }>(sql`
				SELECT id, name FROM client WHERE id = ${filters.client ?? null}::uuid AND agency_id = ${actor.agencyId}`)
		]);
		return { rows: [...rows], total: count?.n ?? 0, costs: [...costs], client: client ?? null };
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
