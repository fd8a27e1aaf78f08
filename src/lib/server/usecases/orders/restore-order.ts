// Takes back a cancelling that was a slip: on the side where it was done, for a short time, while nothing followed from
// it, and exactly what ended with it comes back. What that was is read from the cancelling's own row in the log.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { OrderId } from '#domain/ids.ts';
import { ORDER_PATH } from '#domain/order-status.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Reader, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { inPortal, type Account, type EitherActor } from '../portal/either-side.ts';
import { readRecent, type DoneOn, type Recent } from '../portal/read-recent.ts';
import { ownRows } from '../portal/scope.ts';
import { changeOrder, type LockedOrder, type OrderDependencies } from './change-order.ts';
import { insertStep } from './insert-step.ts';

/** The cancelling of this order, while it can be taken back on the side `on`. */
export const readCancelling = (
	reader: Reader,
	account: Account,
	{ orderId, on }: { orderId: OrderId; on: DoneOn }
): Promise<Recent | null> =>
	readRecent(reader, account, {
		subjectId: orderId,
		done: 'order.cancelled',
		since: ['order.restored', 'order.status_changed'],
		on
	});

/** As `cancelOrder` logs it. */
const endedWithIt = z.object({
	from: z.enum(ORDER_PATH),
	invoices: z.array(z.uuid()),
	tasks: z.array(z.uuid()),
	was: z.array(z.object({ id: z.uuid() }).loose())
});
type Ended = z.infer<typeof endedWithIt>;

const INSTEAD = {
	portal: 'Order anew, or write to your agency.',
	agency: 'Place the order anew for the client.'
};
const tooLate = (on: DoneOn) =>
	new AppError(
		'conflict',
		`Cancelling can be taken back for ${UNDO_MINUTES} minutes by the side that cancelled, while nothing followed from it. ${INSTEAD[on]}`
	);

const idsIn = (list: readonly string[]) =>
	sql`IN (SELECT x::uuid FROM jsonb_array_elements_text(${JSON.stringify(list)}::jsonb) x)`;

/** @returns false when somebody has decided on one of them since: half an order is not brought back */
async function bringBack(tx: Tx, { id, account }: LockedOrder, ended: Ended): Promise<boolean> {
	const invoices = await tx.execute(sql`
		UPDATE invoice v SET status = 'open', void_reason = NULL
		WHERE v.id ${idsIn(ended.invoices)} AND v.order_id = ${id} AND ${ownRows(account, 'v')} AND v.status = 'void'
		RETURNING v.id`);
	const subscriptions = await tx.execute(sql`
		UPDATE subscription s SET status = w.status, next_renewal_on = w."nextRenewalOn", next_package_id = w."nextPackageId",
			cancelled_at = w."cancelledAt", cancel_reason = w."cancelReason", updated_at = clock_timestamp()
		FROM jsonb_to_recordset(${JSON.stringify(ended.was)}::jsonb) AS w (id uuid, status text, "nextRenewalOn" date,
			"nextPackageId" uuid, "cancelledAt" timestamptz, "cancelReason" text)
		WHERE s.id = w.id AND s.order_id = ${id} AND ${ownRows(account, 's')} AND s.status = 'cancelled' RETURNING s.id`);
	if (invoices.length < ended.invoices.length || subscriptions.length < ended.was.length) return false;
	await tx.execute(sql`
		UPDATE task t SET deleted_at = NULL, updated_at = clock_timestamp()
		WHERE t.id ${idsIn(ended.tasks)} AND t.order_id = ${id} AND ${ownRows(account, 't')} AND t.deleted_at IS NOT NULL`);
	return true;
}

/** @throws AppError `not_found`, `conflict` when it is too late; the gate's refusals, and inside another's cancelling (logged) */
export const restoreOrder =
	({ ids, ...deps }: OrderDependencies & { ids: Ids }) =>
	(actor: EitherActor, { orderId }: { orderId: string }, origin: Origin): Promise<void> =>
		changeOrder(deps, actor, {
			action: 'order.restored',
			id: orderId,
			origin,
			async work(tx, order) {
				const on = inPortal(actor) ? 'portal' : 'agency';
				const cancelling = await readCancelling(tx, order.account, { orderId: order.id, on });
				const ended = endedWithIt.safeParse(cancelling?.details);
				if (!cancelling || !ended.success || order.status !== 'cancelled') throw tooLate(on);
				// An order is money: staff inside undo their own slip, never what the client decided.
				if (actor.kind === 'impersonation' && cancelling.impersonationId !== actor.impersonationId)
					throw new AppError(
						'not_allowed',
						'This order was not cancelled in this impersonation, so only the client takes that back.'
					);
				const { from } = ended.data;
				await tx.execute(sql`
					UPDATE client_order SET status = ${from}, cancel_reason = NULL, updated_at = clock_timestamp()
					WHERE id = ${order.id}`);
				if (!(await bringBack(tx, order, ended.data))) throw tooLate(on);
				await insertStep(
					{ tx, ids, actor },
					{ orderId: order.id, account: order.account, status: from, note: 'Cancelling was taken back.' }
				);
				return { value: undefined, details: { to: from } };
			}
		});
