// Another package of the same service from the next renewal on; the period that is paid stays as it is.
// Choosing the plan that runs now takes a planned change back.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { SubscriptionId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
import { may } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Db, Reader, Tx } from '#server/db/types.ts';
import { accountOf, type BillingActor } from '../billing/reach.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { lockSubscription, requireRunning } from './lock-subscription.ts';
import { readPlans, type Plan } from './read-plans.ts';

export const planInput = z.object({ packageId: z.string('Choose a plan.').min(1, 'Choose a plan.') });

/** As the client's own form posts it: with the price that it showed, where it showed one. What is no price is none of ours. */
export const shownPlanInput = planInput.extend({
	expectedPriceMinor: z.coerce.number().int().nonnegative().catch(-1).optional()
});
export type PlanInput = {
	id: string;
	packageId: string;
	/** Without tax, as it was read when it was chosen, or prepared for approval (`pinPrice`). */
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

/** What is charged is what was read: a price that moved since is told to whoever sees prices, and agreed to by nobody. */
async function requirePrice(
	tx: Tx,
	actor: BillingActor,
	plan: Plan,
	expected: number | undefined
): Promise<void> {
	if (expected === undefined || expected === plan.priceMinor) return;
	const view = actor.kind === 'staff' ? null : await readPortalView(tx, actor);
	const seesPrice = actor.kind === 'staff' || (view && may('services.prices', view, 'see'));
	const price = formatMoney({ minor: plan.priceMinor, currency: plan.currency });
	const now = seesPrice ? ` It is ${price} a ${plan.billing} now, before tax.` : '';
	throw new AppError(
		'conflict',
		`The price of ${plan.name} has changed meanwhile.${now} Nothing was changed. Look at it again and decide anew.`
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
			await requirePrice(tx, actor, plan, input.expectedPriceMinor);
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
