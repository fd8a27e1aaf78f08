// Writes a subscription inside a change that is already open: by staff, or by an order of a recurring package.
// Its invoices are not made here: the first with `insertInvoice` by whoever calls, the later ones by the renewal job.
import { sql } from 'drizzle-orm';
import type { PortalActor, StaffActor, SystemActor } from '#domain/actor.ts';
import type { ClientId, OrderId, PackageId, ServiceId, SubscriptionId } from '#domain/ids.ts';
import { periodOf, periodStart, type Billing, type Period } from '#domain/renewal.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { stamp } from '../portal/scope.ts';

export type NewSubscription = {
	clientId: ClientId;
	orderId?: OrderId | null;
	serviceId: ServiceId | null;
	packageId: PackageId | null;
	/** As `planName` makes it; kept as it was when it began. */
	name: string;
	priceMinor: number;
	currency: string;
	/** Hundredths of a percent. */
	taxRateBp: number;
	billing: Billing;
	/** First day of the first period. */
	anchorOn: string;
	/**
	 * Whether the caller invoices the first period itself, in this same transaction, with `subscriptionId` and `periodFrom`
	 * set; else the renewal job does on `anchorOn`.
	 */
	firstPeriodInvoiced: boolean;
};

export type InsertedSubscription = { id: SubscriptionId; firstPeriod: Period; nextRenewalOn: string };

export async function insertSubscription(
	{ tx, ids, actor }: { tx: Tx; ids: Ids; actor: PortalActor | StaffActor | SystemActor },
	made: NewSubscription
): Promise<InsertedSubscription> {
	const id = ids.uuid() as SubscriptionId;
	const periods = made.firstPeriodInvoiced ? 1 : 0;
	const nextRenewalOn = periodStart(made, periods);
	await tx.execute(sql`
		INSERT INTO subscription (id, agency_id, client_id, order_id, service_id, package_id, name, price_minor, currency,
			tax_rate_bp, billing, anchor_on, periods, next_renewal_on, made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${actor.agencyId}, ${made.clientId}, ${made.orderId ?? null}::uuid, ${made.serviceId}::uuid,
			${made.packageId}::uuid, ${made.name}, ${made.priceMinor}, ${made.currency}, ${made.taxRateBp}, ${made.billing},
			${made.anchorOn}::date, ${periods}, ${nextRenewalOn}::date, ${stamp(actor)})`);
	return { id, firstPeriod: periodOf(made, 0), nextRenewalOn };
}
