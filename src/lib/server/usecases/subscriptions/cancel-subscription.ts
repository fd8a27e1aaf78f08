// Cancelling lets paid time run out and then ends; until that day it can be taken back.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { SubscriptionId } from '#domain/ids.ts';
import { isPaidAhead } from '#domain/renewal.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { accountOf, type BillingActor } from '../billing/reach.ts';
import { requireId } from '../portal/scope.ts';
import { lockSubscription, requireRunning } from './lock-subscription.ts';

export const cancelInput = z.object({
	reason: z
		.string()
		.trim()
		.min(1, 'Say why, in a few words.')
		.max(500, 'Keep the reason under 500 characters.')
});
export type CancelInput = z.infer<typeof cancelInput> & { id: string };

type Dependencies = { act: Act; db: Db };

/** @throws AppError `conflict` when it ends already; the gate's refusals (logged) */
export const cancelSubscription =
	({ act, db }: Dependencies) =>
	async (actor: BillingActor, input: CancelInput, origin: Origin): Promise<void> => {
		const id = requireId<SubscriptionId>(input.id, 'subscription');
		const clientId = await accountOf(db, actor, { table: 'subscription', id });
		const subject = { type: 'subscription', id };
		await act(actor, { action: 'subscription.cancelled', clientId, subject, origin }, async (tx) => {
			const subscription = await lockSubscription(tx, actor, id);
			requireRunning(subscription);
			if (subscription.status === 'ending')
				throw new AppError('conflict', 'This subscription was cancelled already.');
			const status = isPaidAhead(subscription, subscription.today) ? 'ending' : 'cancelled';
			// The day stays while the paid time runs; once over, no renewal is ahead.
			await tx.execute(sql`UPDATE subscription SET status = ${status}, cancelled_at = clock_timestamp(),
				cancel_reason = ${input.reason}, next_package_id = NULL, updated_at = now(),
				next_renewal_on = ${status === 'ending' ? sql`next_renewal_on` : sql`NULL`} WHERE id = ${id}`);
			const endsOn = status === 'ending' ? subscription.nextRenewalOn : subscription.today;
			const details = { reason: input.reason, endsOn };
			return { value: undefined, subject: { ...subject, label: subscription.name }, details };
		});
	};

/** Takes a cancellation back while there is still paid time; one that was paused before is paused again. */
export const keepSubscription =
	({ act, db }: Dependencies) =>
	async (actor: BillingActor, input: { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<SubscriptionId>(input.id, 'subscription');
		const clientId = await accountOf(db, actor, { table: 'subscription', id });
		const subject = { type: 'subscription', id };
		await act(actor, { action: 'subscription.kept', clientId, subject, origin }, async (tx) => {
			const subscription = await lockSubscription(tx, actor, id);
			requireRunning(subscription);
			if (subscription.status !== 'ending')
				throw new AppError('conflict', 'This subscription was not cancelled. Reload the page.');
			// Its last day is over, only the job that ends it has not come by yet.
			if (!isPaidAhead(subscription, subscription.today))
				throw new AppError('conflict', 'This subscription has ended. Order the service again to start anew.');
			await tx.execute(sql`UPDATE subscription SET status = ${subscription.isPaused ? 'paused' : 'active'},
				cancelled_at = NULL, cancel_reason = NULL, updated_at = now() WHERE id = ${id}`);
			return { value: undefined, subject: { ...subject, label: subscription.name }, details: {} };
		});
	};
