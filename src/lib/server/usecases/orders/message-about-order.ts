// A message about an order. Each order has one conversation, begun by whoever writes first.
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import type { MessageId } from '#domain/ids.ts';
import type { Ids } from '#server/ports/ids.ts';
import { insertMessage, messageBody, threadOfOrder } from '../messages/insert-message.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { changeOrder, type OrderDependencies } from './change-order.ts';

export const orderMessageInput = z.object({ body: messageBody });

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const messageAboutOrder =
	({ ids, ...deps }: OrderDependencies & { ids: Ids }) =>
	(
		actor: EitherActor,
		{ orderId, body }: { orderId: string; body: string },
		origin: Origin
	): Promise<MessageId> =>
		changeOrder(deps, actor, {
			action: 'order.messaged',
			id: orderId,
			origin,
			async work(tx, { id, account, label }) {
				const threadId = await threadOfOrder(tx, actor, ids, { account, orderId: id, subject: label });
				const messageId = await insertMessage(tx, actor, ids, { account, threadId, body });
				return { value: messageId, details: { threadId, messageId } };
			}
		});
