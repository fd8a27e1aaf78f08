// The total of an order that staff prepare, as the server reckons it now: its approval is compared with this one.
import type { PortalActor } from '#domain/actor.ts';
import type { Reader } from '#server/db/types.ts';
import { accountOf } from '../portal/either-side.ts';
import type { OrderInput } from './order-input.ts';
import { quoteOrder } from './quote-order.ts';

/** Attack: a form sent without its total would store none, and the order be approved at whatever price there is then. */
export async function pinTotal(reader: Reader, actor: PortalActor, input: OrderInput): Promise<OrderInput> {
	const { totals } = await quoteOrder(reader, accountOf(actor, null), input);
	return { ...input, expectedTotalMinor: totals.totalMinor };
}
