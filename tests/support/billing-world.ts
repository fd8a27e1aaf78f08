// Two agencies with services to subscribe to, and the billing use cases over a test database with a clock that is set.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import type { ClientId, PackageId, ServiceId, SubscriptionId } from '#domain/ids.ts';
import type { Billing } from '#domain/renewal.ts';
import { composeBilling } from '#server/compose/billing.ts';
import type { Parts } from '#server/compose/parts.ts';
import { composeSubscriptions } from '#server/compose/subscriptions.ts';
import { insertSubscription } from '#server/usecases/subscriptions/insert-subscription.ts';
import type { Db } from '#server/db/types.ts';
import { impersonationKit, signInStaff, testIds } from './impersonate.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from './two-agencies.ts';

export type Plans = { serviceId: ServiceId; basic: PackageId; plus: PackageId; yearly: PackageId };

async function seedPlans(db: Db, agencyId: string): Promise<Plans> {
	const plans = {
		serviceId: randomUUID() as ServiceId,
		basic: randomUUID() as PackageId,
		plus: randomUUID() as PackageId,
		yearly: randomUUID() as PackageId
	};
	await db.execute(sql`INSERT INTO service (id, agency_id, name, status)
		VALUES (${plans.serviceId}, ${agencyId}, 'Care', 'published')`);
	const one = (id: string, name: string, minor: number, billing: Billing, position: number) =>
		sql`(${id}, ${agencyId}, ${plans.serviceId}, ${name}, ${minor}, 'EUR', ${billing}, ${position})`;
	await db.execute(sql`INSERT INTO service_package (id, agency_id, service_id, name, price_minor, currency, billing, position)
		VALUES ${one(plans.basic, 'Basic', 10_000, 'month', 1)}, ${one(plans.plus, 'Plus', 25_000, 'month', 2)},
			${one(plans.yearly, 'Yearly', 100_000, 'year', 3)}`);
	return plans;
}

export async function billingWorld(db: Db, draw?: Parts['blobs']) {
	const both: TwoAgencies = await seedTwoAgencies(db);
	const kit = impersonationKit(db);
	const time = { now: Date.parse('2026-03-31T09:00:00Z') };
	const logged: unknown[] = [];
	const parts = {
		db,
		act: kit.act,
		ids: testIds,
		clock: { now: () => time.now },
		blobs: draw ?? { open: () => Promise.resolve(null) },
		log: { error: (entry: unknown) => logged.push(entry) }
	} as unknown as Parts;
	const plans = {
		north: await seedPlans(db, both.north.agencyId),
		south: await seedPlans(db, both.south.agencyId)
	};
	const staff = async (
		side: 'north' | 'south',
		who: keyof TwoAgencies['north']['staff']
	): Promise<StaffActor> => signInStaff(db, both[side].agencyId, both[side].staff[who]);
	const as = (side: 'north' | 'south', client: SeededClient, contact = client.owner): ClientActor => ({
		kind: 'client',
		agencyId: both[side].agencyId,
		clientId: client.clientId,
		contactId: contact
	});
	/** A subscription of "Care, Basic" whose first period is invoiced already, unless `periods` is 0. */
	const subscribe = async (
		clientId: ClientId,
		anchorOn: string,
		periods: 0 | 1 = 1
	): Promise<SubscriptionId> =>
		db.transaction(async (tx) => {
			const { id } = await insertSubscription(
				{ tx, ids: testIds, actor: { kind: 'system', agencyId: both.north.agencyId } },
				{
					clientId,
					serviceId: plans.north.serviceId,
					packageId: plans.north.basic,
					name: 'Care, Basic',
					priceMinor: 10_000,
					currency: 'EUR',
					taxRateBp: 1_900,
					billing: 'month',
					anchorOn,
					firstPeriodInvoiced: periods === 1
				}
			);
			return id;
		});
	return {
		both,
		kit,
		time,
		logged,
		plans,
		parts,
		staff,
		as,
		subscribe,
		billing: composeBilling(parts),
		subscriptions: composeSubscriptions(parts)
	};
}
export type BillingWorld = Awaited<ReturnType<typeof billingWorld>>;
