// One subscription with its plan, its invoices, what it may change to and what was done with it.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, OrderId, PackageId, ServiceId, SubscriptionId } from '#domain/ids.ts';
import { addDays } from '#domain/renewal.ts';
import { may } from '#domain/visibility.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { INVOICE_COLUMNS, type InvoiceRow } from '../billing/invoice-rows.ts';
import { cutPart, partAt, type Part, type PartPages } from '../portal/part-pages.ts';
import { epochMs, makerOf, ownRows, requireArea, requireId, type Maker } from '../portal/scope.ts';
import { readHistory, type HistoryEntry } from './read-history.ts';
import { readPlans, type Plan } from './read-plans.ts';
import { SUBSCRIPTION_COLUMNS, type SubscriptionRow } from './subscription-rows.ts';

export type SubscriptionRecord = SubscriptionRow & {
	clientId: ClientId;
	client: string;
	packageId: PackageId | null;
	serviceId: ServiceId | null;
	nextPackageId: PackageId | null;
	description: string;
	features: string[];
	/** Last day that is paid for; null before the first invoice. */
	paidUntil: string | null;
	startedOn: string;
	pausedAt: number | null;
	cancelledAt: number | null;
	cancelReason: string | null;
	createdAt: number;
	maker: Maker;
	order: { id: OrderId; number: string } | null;
};

type Stored = Omit<SubscriptionRecord, 'paidUntil' | 'pausedAt' | 'cancelledAt' | 'createdAt'> & {
	periods: number;
	pausedAt: string | null;
	cancelledAt: string | null;
	createdAt: string;
};

const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));

/** @throws AppError `not_found` */
export async function readRecord(reader: Reader, id: SubscriptionId, own: SQL): Promise<SubscriptionRecord> {
	const [row] = await reader.execute<Stored>(sql`
		SELECT ${SUBSCRIPTION_COLUMNS}, s.client_id AS "clientId", c.name AS client, s.package_id AS "packageId",
			s.service_id AS "serviceId", s.next_package_id AS "nextPackageId", s.periods,
			s.created_at::date::text AS "startedOn", coalesce(p.description, '') AS description,
			coalesce(p.features, '{}') AS features, ${epochMs('s.paused_at')} AS "pausedAt",
			${epochMs('s.cancelled_at')} AS "cancelledAt", s.cancel_reason AS "cancelReason",
			${epochMs('s.created_at')} AS "createdAt", ${makerOf('s')} AS maker,
			CASE WHEN o.id IS NOT NULL THEN json_build_object('id', o.id, 'number', o.number) END AS "order"
		FROM subscription s JOIN client c ON c.id = s.client_id LEFT JOIN service_package p ON p.id = s.package_id
		LEFT JOIN client_order o ON o.id = s.order_id WHERE s.id = ${id} AND ${own}`);
	if (!row) throw new AppError('not_found', 'There is no such subscription.');
	const { periods, ...record } = row;
	return {
		...record,
		paidUntil: periods > 0 && record.nextRenewalOn !== null ? addDays(record.nextRenewalOn, -1) : null,
		pausedAt: numberOrNull(record.pausedAt),
		cancelledAt: numberOrNull(record.cancelledAt),
		createdAt: Number(record.createdAt)
	};
}

/** Its invoices that were sent, newest first. */
export const readItsInvoices = async (
	reader: Reader,
	id: SubscriptionId,
	page?: number
): Promise<Part<InvoiceRow>> =>
	cutPart(
		await reader.execute<InvoiceRow>(sql`
			SELECT ${INVOICE_COLUMNS} FROM invoice i WHERE i.subscription_id = ${id} AND i.status <> 'draft'
			ORDER BY i.issued_on DESC, i.id ${partAt(page)}`)
	);

export type SubscriptionPart = 'invoices' | 'history';

/** A plan as this reader sees it; null prices where prices are hidden. */
export type OfferedPlan = Omit<Plan, 'priceMinor'> & { priceMinor: number | null };

export type SubscriptionDetail = SubscriptionRecord & {
	plans: OfferedPlan[];
	/** Null where the client sees no invoices. */
	invoices: InvoiceRow[] | null;
	history: HistoryEntry[];
	/** Of which part there is more, on its next page. */
	earlier: Record<SubscriptionPart, boolean>;
};

/** @throws AppError `not_found`, also for another client's and without the billing right */
export const readSubscription =
	({ db }: { db: Db }) =>
	async (
		actor: PortalActor,
		id: string,
		pages: PartPages<SubscriptionPart> = {}
	): Promise<SubscriptionDetail> => {
		const subscriptionId = requireId<SubscriptionId>(id, 'subscription');
		const view = await requireArea(db, actor, 'subscriptions');
		const record = await readRecord(db, subscriptionId, ownRows(actor, 's'));
		const [plans, invoices, history] = await Promise.all([
			may('subscriptions.change', view) ? readPlans(db, actor, record.serviceId) : [],
			may('invoices', view, 'see') ? readItsInvoices(db, subscriptionId, pages.invoices) : null,
			readHistory(db, {
				agencyId: actor.agencyId,
				clientId: actor.clientId,
				id: subscriptionId,
				page: pages.history
			})
		]);
		const seesPrices = may('services.prices', view, 'see');
		return {
			...record,
			order: may('orders', view, 'see') ? record.order : null,
			plans: plans.map((plan) => ({ ...plan, priceMinor: seesPrices ? plan.priceMinor : null })),
			invoices: invoices?.rows ?? null,
			history: history.rows,
			earlier: { invoices: invoices?.earlier ?? false, history: history.earlier }
		};
	};
