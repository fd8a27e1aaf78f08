// Holds a subscription for a change, so that a client's cancelling and a renewal come one after the other.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { ClientId, PackageId, ServiceId, SubscriptionId } from '#domain/ids.ts';
import type { Standing } from '#domain/renewal.ts';
import type { Tx } from '#server/db/types.ts';
import { reach, type BillingActor } from '../billing/reach.ts';

export type LockedSubscription = Standing & {
	id: SubscriptionId;
	clientId: ClientId;
	name: string;
	serviceId: ServiceId | null;
	packageId: PackageId | null;
	nextPackageId: PackageId | null;
	isPaused: boolean;
	today: string;
};

/** Columns of a `Standing` and what else a change asks about. */
export const LOCKED_COLUMNS = sql`s.id, s.client_id AS "clientId", s.name, s.status, s.billing, s.anchor_on::text AS "anchorOn",
	s.periods, s.next_renewal_on::text AS "nextRenewalOn", s.service_id AS "serviceId", s.package_id AS "packageId",
	s.next_package_id AS "nextPackageId", s.paused_at IS NOT NULL AS "isPaused", current_date::text AS today`;

/** @throws AppError `not_found` */
export async function lockSubscription(
	tx: Tx,
	actor: BillingActor,
	id: SubscriptionId
): Promise<LockedSubscription> {
	const [row] = await tx.execute<LockedSubscription>(sql`
		SELECT ${LOCKED_COLUMNS} FROM subscription s WHERE s.id = ${id} AND ${reach(actor, 's')} FOR UPDATE`);
	if (!row) throw new AppError('not_found', 'There is no such subscription.');
	return row;
}

/** @throws AppError `conflict` once it is over */
export function requireRunning(subscription: Pick<LockedSubscription, 'status'>): void {
	if (subscription.status === 'cancelled')
		throw new AppError('conflict', 'This subscription has ended. Order the service again to start anew.');
}
