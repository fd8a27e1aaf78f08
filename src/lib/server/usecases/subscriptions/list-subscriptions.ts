// A client's subscriptions; only for contacts who may see billing.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { likePattern, ownRows, PAGE_SIZE, requireArea } from '../portal/scope.ts';
import {
	SUBSCRIPTION_COLUMNS,
	SUBSCRIPTION_SORTS,
	type SubscriptionRow,
	type SubscriptionSort,
	type SubscriptionStatus
} from './subscription-rows.ts';

export type SubscriptionFilter = {
	status: SubscriptionStatus | 'current' | 'all';
	q: string;
	sort: SubscriptionSort;
	page: number;
};
/** What the running ones cost each month and each year, by currency and before tax. */
export type RunningCost = { currency: string; monthMinor: number; yearMinor: number; count: number };
export type SubscriptionList = { rows: SubscriptionRow[]; total: number; costs: RunningCost[] };

/** SQL of one choice of the status filter. */
export const statusIs = (status: SubscriptionFilter['status']) => {
	if (status === 'all') return sql`true`;
	return status === 'current' ? sql`s.status <> 'cancelled'` : sql`s.status = ${status}`;
};

export const readCosts = (db: Db, own: ReturnType<typeof ownRows>) =>
	db.execute<RunningCost>(sql`
		SELECT s.currency, coalesce(sum(s.price_minor) FILTER (WHERE s.billing = 'month'), 0)::float8 AS "monthMinor",
			coalesce(sum(s.price_minor) FILTER (WHERE s.billing = 'year'), 0)::float8 AS "yearMinor", count(*)::int AS count
		FROM subscription s WHERE ${own} AND s.status = 'active' GROUP BY s.currency ORDER BY s.currency`);

/** The same of a whole agency, from the tallies. */
export const readAgencyCosts = (db: Db, agencyId: AgencyId) =>
	db.execute<RunningCost>(sql`
		SELECT split_part(part, ' ', 1) AS currency, coalesce(sum(minor) FILTER (WHERE part LIKE '% month'), 0)::float8 AS "monthMinor",
			coalesce(sum(minor) FILTER (WHERE part LIKE '% year'), 0)::float8 AS "yearMinor", sum(n)::int AS count
		FROM tally WHERE agency_id = ${agencyId} AND what = 'subscription.cost'
		GROUP BY split_part(part, ' ', 1) HAVING sum(n) <> 0 ORDER BY 1`);

/** @throws AppError `not_found` when the client or the contact sees no subscriptions */
export const listSubscriptions =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filter: SubscriptionFilter): Promise<SubscriptionList> => {
		await requireArea(db, actor, 'subscriptions');
		const own = ownRows(actor, 's');
		const search = filter.q ? sql`s.name ILIKE ${likePattern(filter.q)}` : sql`true`;
		const where = sql`${own} AND ${statusIs(filter.status)} AND ${search}`;
		const [rows, [total], costs] = await Promise.all([
			db.execute<SubscriptionRow>(sql`
				SELECT ${SUBSCRIPTION_COLUMNS} FROM subscription s WHERE ${where}
				ORDER BY ${sql.raw(SUBSCRIPTION_SORTS[filter.sort])}
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM subscription s WHERE ${where}`),
			readCosts(db, own)
		]);
		return { rows: [...rows], total: total?.n ?? 0, costs: [...costs] };
	};
