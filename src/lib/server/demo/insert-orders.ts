// Stores the demo's catalogue and orders: rows in the order their references ask for.
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { AgencyId } from '#domain/ids.ts';
import * as tables from '#server/db/schema/index.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { DemoOrders } from './demo-order-rows.ts';
import type { DemoServices } from './demo-services.ts';

type Insert = <T extends PgTable>(tx: Tx, table: T, rows: readonly T['$inferInsert'][]) => Promise<void>;
type By = { tx: Tx; ids: Ids; insert: Insert };

export async function insertServices({ tx, insert }: By, made: DemoServices): Promise<void> {
	await insert(tx, tables.service, made.services);
	await insert(tx, tables.servicePackage, made.packages);
	await insert(tx, tables.serviceAddOn, made.addOns);
	await insert(tx, tables.serviceClient, made.chosen);
}

/** Of each order that was talked about, its conversation. */
async function insertTalk({ tx, ids }: By, { messages }: DemoOrders): Promise<void> {
	const threads = new Map<string, string>();
	for (const { order, body, by, at } of messages) {
		const known = threads.get(order.id);
		const threadId = known ?? ids.uuid();
		threads.set(order.id, threadId);
		const time = at.toISOString();
		if (!known)
			await tx.execute(sql`
				INSERT INTO thread (id, agency_id, client_id, order_id, subject, made_by_contact_id, made_by_staff_id, created_at)
				VALUES (${threadId}, ${order.agencyId}, ${order.clientId}, ${order.id},
					${`${order.number} ${order.serviceName}`}, ${by.madeByContactId ?? null}, ${by.madeByStaffId ?? null}, ${time})`);
		await tx.execute(sql`
			INSERT INTO message (id, agency_id, client_id, thread_id, body, made_by_contact_id, made_by_staff_id, created_at)
			VALUES (${ids.uuid()}, ${order.agencyId}, ${order.clientId}, ${threadId}, ${body},
				${by.madeByContactId ?? null}, ${by.madeByStaffId ?? null}, ${time})`);
		await tx.execute(sql`UPDATE thread SET last_message_at = ${time} WHERE id = ${threadId}`);
	}
}

/** Invoices of orders are stored with all others, after this. */
export async function insertOrders(by: By, agencyId: AgencyId, made: DemoOrders): Promise<void> {
	const { tx, insert } = by;
	await insert(tx, tables.clientOrder, made.orders);
	await insert(tx, tables.clientOrderLine, made.lines);
	await insert(tx, tables.clientOrderStep, made.steps);
	await insert(tx, tables.task, made.tasks);
	await insertTalk(by, made);
	// New orders go on from here.
	await tx.execute(sql`
		INSERT INTO counter (agency_id, name, value) VALUES (${agencyId}, 'ORD', ${made.orders.length})
		ON CONFLICT (agency_id, name) DO UPDATE SET value = excluded.value`);
}
