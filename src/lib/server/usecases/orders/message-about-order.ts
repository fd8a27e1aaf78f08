// A message about an order. Each order has one conversation, begun by whoever writes first.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import type { MessageId, ThreadId } from '#domain/ids.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';
import { changeOrder, type OrderDependencies } from './change-order.ts';

export const orderMessageInput = z.object({
	body: z
		.string()
		.trim()
		.min(1, 'Write something first.')
		.max(10_000, 'Keep the message under 10,000 characters.')
});

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
				const messageId = ids.uuid() as MessageId;
				const [thread] = await tx.execute<{ id: ThreadId }>(sql`
					INSERT INTO thread (id, agency_id, client_id, order_id, subject, made_by_contact_id, made_by_staff_id,
						impersonation_id)
					VALUES (${ids.uuid()}, ${account.agencyId}, ${account.clientId}, ${id}, ${label}, ${stamp(actor)})
					ON CONFLICT (order_id) WHERE order_id IS NOT NULL DO UPDATE SET last_message_at = clock_timestamp()
					RETURNING id`);
				if (!thread) throw new Error('The conversation of an order was not stored.');
				await tx.execute(sql`
					INSERT INTO message (id, agency_id, client_id, thread_id, body, made_by_contact_id, made_by_staff_id,
						impersonation_id)
					VALUES (${messageId}, ${account.agencyId}, ${account.clientId}, ${thread.id}, ${body}, ${stamp(actor)})`);
				return { value: messageId, details: { threadId: thread.id, messageId } };
			}
		});
