// Pausing stops renewals; resuming starts them again. What a pause does to the days is domain/renewal.ts's business.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { SubscriptionId } from '#domain/ids.ts';
import { afterPause } from '#domain/renewal.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { accountOf, type BillingActor } from '../billing/reach.ts';
import { requireId } from '../portal/scope.ts';
import { lockSubscription, requireRunning } from './lock-subscription.ts';

type Dependencies = { act: Act; db: Db };

/** @throws AppError `conflict` unless it is active; the gate's refusals (logged) */
export const pauseSubscription =
	({ act, db }: Dependencies) =>
	async (actor: BillingActor, input: { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<SubscriptionId>(input.id, 'subscription');
		const clientId = await accountOf(db, actor, { table: 'subscription', id });
		const subject = { type: 'subscription', id };
		await act(actor, { action: 'subscription.paused', clientId, subject, origin }, async (tx) => {
			const subscription = await lockSubscription(tx, actor, id);
			requireRunning(subscription);
			if (subscription.status !== 'active')
				throw new AppError('conflict', 'Only an active subscription can be paused. Reload the page.');
			await tx.execute(sql`UPDATE subscription SET status = 'paused', paused_at = clock_timestamp(), updated_at = now()
				WHERE id = ${id}`);
			const details = { paidUntil: subscription.nextRenewalOn };
			return { value: undefined, subject: { ...subject, label: subscription.name }, details };
		});
	};

/** @throws AppError `conflict` unless it is paused; the gate's refusals (logged) */
export const resumeSubscription =
	({ act, db }: Dependencies) =>
	async (actor: BillingActor, input: { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<SubscriptionId>(input.id, 'subscription');
		const clientId = await accountOf(db, actor, { table: 'subscription', id });
		const subject = { type: 'subscription', id };
		await act(actor, { action: 'subscription.resumed', clientId, subject, origin }, async (tx) => {
			const subscription = await lockSubscription(tx, actor, id);
			requireRunning(subscription);
			if (subscription.status !== 'paused')
				throw new AppError('conflict', 'This subscription is not paused. Reload the page.');
			const { anchorOn, periods, nextRenewalOn } = afterPause(subscription, subscription.today);
			await tx.execute(sql`UPDATE subscription SET status = 'active', paused_at = NULL, anchor_on = ${anchorOn}::date,
				periods = ${periods}, next_renewal_on = ${nextRenewalOn}::date, updated_at = now() WHERE id = ${id}`);
			return {
				value: undefined,
				subject: { ...subject, label: subscription.name },
				details: { nextRenewalOn }
			};
		});
	};
