// Staff move an order one step on or one step back, with a word for the client.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { movesFrom, ORDER_PATH, ORDER_STATUSES } from '#domain/order-status.ts';
import type { Ids } from '#server/ports/ids.ts';
import { changeOrder, type OrderDependencies } from './change-order.ts';
import { insertStep } from './insert-step.ts';

export const moveInput = z.object({
	to: z.enum(ORDER_PATH, 'Choose a status.'),
	note: z.string().trim().max(2_000, 'Keep the note under 2,000 characters.').default('')
});
export type MoveInput = z.infer<typeof moveInput> & { orderId: string };

/** @throws AppError `not_found`; `conflict` when it does not stand beside that step; the gate's refusals (logged) */
export const moveOrder =
	({ ids, ...deps }: OrderDependencies & { ids: Ids }) =>
	(actor: StaffActor, { orderId, to, note }: MoveInput, origin: Origin): Promise<void> =>
		changeOrder(deps, actor, {
			action: 'order.status_changed',
			id: orderId,
			origin,
			async work(tx, { id, account, status }) {
				const { on, back } = movesFrom(status);
				if (to !== on && to !== back)
					throw new AppError(
						'conflict',
						`This order is ${ORDER_STATUSES[status].toLowerCase()} now, so it cannot become ${ORDER_STATUSES[to].toLowerCase()}. Reload the page.`
					);
				await tx.execute(
					sql`UPDATE client_order SET status = ${to}, updated_at = clock_timestamp() WHERE id = ${id}`
				);
				await insertStep({ tx, ids, actor }, { orderId: id, account, status: to, note });
				return { value: undefined, details: { from: status, to } };
			}
		});
