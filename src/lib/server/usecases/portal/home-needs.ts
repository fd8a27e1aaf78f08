// What waits on the client: tasks, invoices, orders on their way. Each is asked for only where its area is visible.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { OrderId, TaskId } from '#domain/ids.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Db } from '#server/db/types.ts';
import { INVOICE_COLUMNS, type InvoiceRow } from '../billing/invoice-rows.ts';
import { ownRows } from './scope.ts';

/** A list of the home page is a beginning; the whole is one click away. */
const SHOWN = 6;

export type Some<T> = { total: number; rows: T[] };
export type WaitingTask = { id: TaskId; title: string; dueOn: string | null; overdue: boolean };
export type OpenOrder = {
	id: OrderId;
	number: string;
	service: string;
	package: string;
	status: OrderStatus;
};

/** Rows that each carry the total, as a page of them and their count. */
function some<T>(rows: readonly (T & { total: number })[]): Some<T> {
	return {
		total: rows[0]?.total ?? 0,
		rows: rows.map(({ total: _total, ...row }) => row as unknown as T)
	};
}

/** Where the due date is hidden from this contact, neither the day, nor that it is over, nor the order tells it. */
export const readWaiting = async (
	db: Db,
	actor: PortalActor,
	sees: { due: boolean }
): Promise<Some<WaitingTask>> =>
	some(
		await db.execute<WaitingTask & { total: number }>(sql`
			SELECT t.id, t.title, ${sees.due ? sql`t.due_on::text` : sql`NULL::text`} AS "dueOn",
				${sees.due ? sql`coalesce(t.due_on < current_date, false)` : sql`false`} AS overdue,
				(count(*) OVER ())::int AS total FROM task t
			WHERE ${ownRows(actor, 't')} AND t.client_visible AND t.deleted_at IS NULL AND t.status = 'open'
				AND t.waiting_on = 'client'
			ORDER BY ${sees.due ? sql`t.due_on NULLS LAST,` : sql``} t.created_at DESC LIMIT ${SHOWN}`)
	);

export const readUnpaid = async (db: Db, actor: PortalActor): Promise<Some<InvoiceRow>> =>
	some(
		await db.execute<InvoiceRow & { total: number }>(sql`
			SELECT ${INVOICE_COLUMNS}, (count(*) OVER ())::int AS total FROM invoice i
			WHERE ${ownRows(actor, 'i')} AND i.status = 'open' ORDER BY i.due_on, i.id LIMIT ${SHOWN}`)
	);

/** What was ordered and is not over, the newest first. */
export const readOpenOrders = async (db: Db, actor: PortalActor): Promise<Some<OpenOrder>> =>
	some(
		await db.execute<OpenOrder & { total: number }>(sql`
			SELECT o.id, o.number, o.service_name AS service, o.package_name AS package, o.status,
				(count(*) OVER ())::int AS total FROM client_order o
			WHERE ${ownRows(actor, 'o')} AND o.status IN ('pending', 'in_progress', 'delivered')
			ORDER BY o.created_at DESC, o.id LIMIT ${SHOWN}`)
	);
