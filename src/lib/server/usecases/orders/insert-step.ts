// One step of an order's history, as its client reads it.
import { sql } from 'drizzle-orm';
import type { OrderId } from '#domain/ids.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';

type Step = { orderId: OrderId; account: Account; status: OrderStatus; note: string };

/** Part of a change that the gate opened. */
export async function insertStep(
	{ tx, ids, actor }: { tx: Tx; ids: Ids; actor: EitherActor },
	{ orderId, account, status, note }: Step
): Promise<void> {
	await tx.execute(sql`
		INSERT INTO client_order_step (id, agency_id, client_id, order_id, status, note,
			made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${ids.uuid()}, ${account.agencyId}, ${account.clientId}, ${orderId}, ${status}, ${note}, ${stamp(actor)})`);
}
