// Cancels an order: a contact while nobody has begun, staff until it is completed. What it had started ends with it.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { mayCancelOrder, ORDER_STATUSES, type OrderStatus } from '#domain/order-status.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';
import { changeOrder, type LockedOrder, type OrderDependencies } from './change-order.ts';
import { insertStep } from './insert-step.ts';

export const cancelInput = z.object({
	reason: z
		.string()
		.trim()
		.min(1, 'Say why, so that nobody has to ask.')
		.max(1_000, 'Keep the reason under 1,000 characters.')
});

/** One object of plain JSON: a prepared cancellation is stored and run again. */
export type CancelInput = { orderId: string; reason: string };

function requireCancellable(status: OrderStatus, by: 'contact' | 'staff'): void {
	if (mayCancelOrder(status, by)) return;
	const now = ORDER_STATUSES[status].toLowerCase();
	throw new AppError(
		'conflict',
		by === 'contact' && status !== 'cancelled'
			? `This order is ${now} already, so it cannot be cancelled here. Write to your agency.`
			: `This order is ${now} already.`
	);
}

/** Money that moved is never undone by a button. @throws AppError `conflict` for a contact's order with a payment */
async function requireUnpaid(tx: Tx, { id, account }: LockedOrder): Promise<void> {
	const paid = await tx.execute(sql`
		SELECT FROM invoice v WHERE v.order_id = ${id} AND ${ownRows(account, 'v')} AND v.status <> 'void'
			AND (v.paid_minor > 0 OR v.claimed_at IS NOT NULL) LIMIT 1`);
	if (paid.length > 0)
		throw new AppError(
			'conflict',
			'A payment for this order was made or announced, so it cannot be cancelled here. Write to your agency.'
		);
}

type Was = { id: string; status: string };

/**
 * Open invoices nobody paid on become void, its subscription ends, its open tasks go.
 * @returns their ids, and what the subscriptions were: taking it back reads that from the log (restore-order.ts) [H4]
 */
async function endWhatItStarted(tx: Tx, { id, account, number }: LockedOrder, reason: string) {
	const why = `Order ${number} was cancelled`;
	const voided = await tx.execute(sql`
		UPDATE invoice v SET status = 'void', void_reason = ${why}
		WHERE v.order_id = ${id} AND ${ownRows(account, 'v')} AND v.status = 'open' AND v.paid_minor = 0
			AND v.claimed_at IS NULL RETURNING v.id`);
	const ended = await tx.execute<Was>(sql`
		UPDATE subscription s SET status = 'cancelled', cancelled_at = clock_timestamp(), cancel_reason = ${reason},
			next_renewal_on = NULL, next_package_id = NULL, updated_at = clock_timestamp()
		FROM (SELECT o.id, o.status, o.next_renewal_on::text AS "nextRenewalOn", o.next_package_id AS "nextPackageId",
				o.cancelled_at::text AS "cancelledAt", o.cancel_reason AS "cancelReason" FROM subscription o
			WHERE o.order_id = ${id} AND ${ownRows(account, 'o')} AND o.status <> 'cancelled' FOR UPDATE) was
		WHERE s.id = was.id RETURNING was.*`);
	const dropped = await tx.execute(sql`
		UPDATE task t SET deleted_at = clock_timestamp()
		WHERE t.order_id = ${id} AND ${ownRows(account, 't')} AND t.status = 'open' AND t.deleted_at IS NULL RETURNING t.id`);
	const idsOf = (rows: readonly unknown[]) => rows.map((row) => (row as { id: string }).id);
	return {
		invoices: idsOf(voided),
		subscriptions: idsOf(ended),
		tasks: idsOf(dropped),
		was: [...ended]
	};
}

/** @throws AppError `not_found`, `conflict` (begun, or paid on); the gate's refusals (logged) */
export const cancelOrder =
	({ ids, ...deps }: OrderDependencies & { ids: Ids }) =>
	(actor: EitherActor, { orderId, reason }: CancelInput, origin: Origin): Promise<void> =>
		changeOrder(deps, actor, {
			action: 'order.cancelled',
			id: orderId,
			origin,
			async work(tx, order) {
				const by = inPortal(actor) ? 'contact' : 'staff';
				requireCancellable(order.status, by);
				if (by === 'contact') await requireUnpaid(tx, order);
				await tx.execute(sql`
					UPDATE client_order SET status = 'cancelled', cancel_reason = ${reason}, updated_at = clock_timestamp()
					WHERE id = ${order.id}`);
				const ended = await endWhatItStarted(tx, order, reason);
				await insertStep(
					{ tx, ids, actor },
					{ orderId: order.id, account: order.account, status: 'cancelled', note: reason }
				);
				return { value: undefined, details: { from: order.status, reason, ...ended } };
			}
		});
