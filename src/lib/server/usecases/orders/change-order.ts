// The frame of every change of an order that exists: whose it is, the gate, the row held until the change is done.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, OrderId } from '#domain/ids.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Act, Done } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { accountOf, inPortal, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows, requireId } from '../portal/scope.ts';

export type OrderDependencies = { act: Act; db: Db };

export type LockedOrder = {
	id: OrderId;
	account: Account;
	number: string;
	status: OrderStatus;
	label: string;
};

export type OrderChange<T> = {
	action: ActionName;
	id: string;
	origin: Origin;
	work(tx: Tx, order: LockedOrder): Promise<Pick<Done<T>, 'value' | 'details'>>;
};

const none = () => new AppError('not_found', 'There is no such order.');

async function accountOfOrder(db: Db, actor: EitherActor, id: OrderId): Promise<Account> {
	if (inPortal(actor)) return accountOf(actor, null);
	const [row] = await db.execute<{ client_id: ClientId }>(
		sql`SELECT client_id FROM client_order WHERE id = ${id} AND agency_id = ${actor.agencyId}`
	);
	if (!row) throw none();
	return { agencyId: actor.agencyId, clientId: row.client_id };
}

/** @throws AppError `not_found`, also for another client's or agency's order; what `work` throws; the gate's refusals (logged) */
export async function changeOrder<T>(
	{ act, db }: OrderDependencies,
	actor: EitherActor,
	{ action, id, origin, work }: OrderChange<T>
): Promise<T> {
	const orderId = requireId<OrderId>(id, 'order');
	const account = await accountOfOrder(db, actor, orderId);
	const subject = { type: 'order', id: orderId };
	return act(actor, { action, clientId: account.clientId, subject, origin }, async (tx) => {
		const [row] = await tx.execute<{ number: string; status: OrderStatus; service: string }>(sql`
			SELECT o.number, o.status, o.service_name AS service FROM client_order o
			WHERE o.id = ${orderId} AND ${ownRows(account, 'o')} FOR UPDATE`);
		if (!row) throw none();
		const label = `${row.number} ${row.service}`;
		const { number, status } = row;
		const done = await work(tx, { id: orderId, account, number, status, label });
		return { ...done, subject: { ...subject, label } };
	});
}
