// Another package of the same service from the next renewal on; the period that is paid stays as it is.
// Choosing the plan that runs now takes a planned change back.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { SubscriptionId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { accountOf, type BillingActor } from '../billing/reach.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { lockSubscription, requireRunning } from './lock-subscription.ts';
import { readPlans, type Plan } from './read-plans.ts';

export const planInput = z.object({ packageId: z.string('Choose a plan.').min(1, 'Choose a plan.') });
export type PlanInput = {
	id: string;
	packageId: string;
	/** Without tax, as it was prepared for approval (`pinPrice`). */
	expectedPriceMinor?: number;
};

/** Keeps with a prepared change what the plan costs now: its approval is compared with this. */
export async function pinPrice(reader: Reader, actor: PortalActor, input: PlanInput): Promise<PlanInput> {
	const id = requireId<SubscriptionId>(input.id, 'subscription');
	const [found] = await reader.execute<{ service_id: string | null }>(
		sql`SELECT v.service_id FROM subscription v WHERE v.id = ${id} AND ${ownRows(actor, 'v')}`
	);
	const plans = await readPlans(reader, actor, found?.service_id ?? null);
	const plan = plans.find((one) => one.id === input.packageId);
	if (!plan) throw new AppError('not_found', 'There is no such plan.');
	return { ...input, expectedPriceMinor: plan.priceMinor };
}

function requirePrice(plan: Plan, expected: number | undefined): void {
	if (expected === undefined || expected === plan.priceMinor) return;
	throw new AppError(
		'conflict',
		'The price of this plan has changed meanwhile. Nothing was changed. Look at the plans again.'
	);
}

/** @throws AppError `not_found` for a plan that is not offered; `conflict` where nothing changes or no renewal comes */
export const changePlan =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: BillingActor, input: PlanInput, origin: Origin): Promise<void> => {
		const id = requireId<SubscriptionId>(input.id, 'subscription');
		const clientId = await accountOf(db, actor, { table: 'subscription', id });
		const subject = { type: 'subscription', id };
		await act(actor, { action: 'subscription.changed', clientId, subject, origin }, async (tx) => {
			const subscription = await lockSubscription(tx, actor, id);
			requireRunning(subscription);
			if (subscription.status === 'ending')
				throw new AppError('conflict', 'This subscription ends and does not renew. Keep it first.');
			const plan = (await readPlans(tx, actor, subscription.serviceId)).find(
				(one) => one.id === input.packageId
			);
			if (!plan) throw new AppError('not_found', 'There is no such plan.');
			requirePrice(plan, input.expectedPriceMinor);
			const next = plan.id === subscription.packageId ? null : plan.id;
			if (next === subscription.nextPackageId)
				throw new AppError('conflict', 'This is the plan from the next renewal on already.');
			await tx.execute(
				sql`UPDATE subscription SET next_package_id = ${next}::uuid,
					next_price_minor = ${next === null ? null : plan.priceMinor}::bigint, updated_at = now() WHERE id = ${id}`
			);
			const details = {
				from: subscription.name,
				plan: plan.name,
				priceMinor: plan.priceMinor,
				currency: plan.currency,
				effectiveOn: subscription.nextRenewalOn,
				takenBack: next === null
			};
			return { value: undefined, subject: { ...subject, label: subscription.name }, details };
		});
	};
