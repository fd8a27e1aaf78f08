// What hangs on an order, by part, so that each reader asks only for what may be shown. The order itself was found in
// reach of the actor before.
import { sql } from 'drizzle-orm';
import type { FileId, InvoiceId, OrderId, SubscriptionId, TaskId, ThreadId } from '#domain/ids.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Reader } from '#server/db/types.ts';
import type { Account } from '../portal/either-side.ts';
import { cutUpwards, PART_SIZE, partAt, type Part } from '../portal/part-pages.ts';
import { epochMs, makerOf, ownRows, type Maker } from '../portal/scope.ts';

export type Of = { account: Account; orderId: OrderId };
type Paged = Of & { page: number | undefined };

export type OrderStep = { id: string; status: OrderStatus; note: string; createdAt: number; maker: Maker };
export type OrderLine = {
	id: string;
	description: string;
	quantity: number;
	/** Null: this contact does not see amounts. */
	amount: { unitMinor: number; amountMinor: number } | null;
};
export type OrderMessage = { id: string; body: string; createdAt: number; maker: Maker };
export type OrderFile = { id: FileId; name: string; bytes: number; createdAt: number; maker: Maker };
export type OrderTask = { id: TaskId; title: string; status: 'open' | 'done'; dueOn: string | null };
export type OrderInvoice = {
	id: InvoiceId;
	number: string | null;
	status: 'draft' | 'open' | 'paid' | 'void';
	overdue: boolean;
	totalMinor: number;
	currency: string;
};
export type OrderSubscription = {
	id: SubscriptionId;
	name: string;
	status: string;
	nextRenewalOn: string | null;
};

type Timed<T> = Omit<T, 'createdAt'> & { createdAt: string };
const timed = <T extends { createdAt: number }>(rows: readonly Timed<T>[]): T[] =>
	rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) }) as unknown as T);

export const readSteps = async (
	reader: Reader,
	{ account, orderId, page }: Paged
): Promise<Part<OrderStep>> =>
	cutUpwards(
		timed<OrderStep>(
			await reader.execute<Timed<OrderStep>>(sql`
			SELECT p.id, p.status, p.note, ${epochMs('p.created_at')} AS "createdAt", ${makerOf('p')} AS maker
			FROM client_order_step p WHERE p.order_id = ${orderId} AND ${ownRows(account, 'p')}
			ORDER BY p.created_at DESC, p.id DESC ${partAt(page)}`)
		)
	);

export async function readLines(reader: Reader, { orderId }: Of, amounts: boolean): Promise<OrderLine[]> {
	const rows = await reader.execute<{
		id: string;
		description: string;
		quantity: number;
		unit: number;
		sum: number;
	}>(
		sql`SELECT id, description, quantity, unit_minor::float8 AS unit, amount_minor::float8 AS sum
			FROM client_order_line WHERE order_id = ${orderId} ORDER BY position`
	);
	return rows.map(({ unit, sum, ...line }) => ({
		...line,
		amount: amounts ? { unitMinor: unit, amountMinor: sum } : null
	}));
}

export const readMessages = async (
	reader: Reader,
	{ account, orderId, page }: Paged
): Promise<Part<OrderMessage>> =>
	cutUpwards(
		timed<OrderMessage>(
			await reader.execute<Timed<OrderMessage>>(sql`
			SELECT m.id, m.body, ${epochMs('m.created_at')} AS "createdAt", ${makerOf('m')} AS maker
			FROM message m JOIN thread h ON h.id = m.thread_id
			WHERE h.order_id = ${orderId} AND ${ownRows(account, 'm')}
			ORDER BY m.created_at DESC, m.id DESC ${partAt(page)}`)
		)
	);

/** The conversation those messages are in; null while nobody wrote. */
export async function readThread(reader: Reader, { account, orderId }: Of): Promise<ThreadId | null> {
	const [row] = await reader.execute<{ id: ThreadId }>(
		sql`SELECT h.id FROM thread h WHERE h.order_id = ${orderId} AND ${ownRows(account, 'h')}`
	);
	return row?.id ?? null;
}

export const readFiles = async (
	reader: Reader,
	{ account, orderId, page }: Paged
): Promise<Part<OrderFile>> =>
	cutUpwards(
		timed<OrderFile>(
			await reader.execute<Timed<OrderFile>>(sql`
			SELECT f.id, f.name, f.bytes::float8 AS bytes, ${epochMs('f.created_at')} AS "createdAt", ${makerOf('f')} AS maker
			FROM file f WHERE f.order_id = ${orderId} AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL
			ORDER BY f.created_at DESC, f.id DESC ${partAt(page)}`)
		)
	);

/**
 * In the portal only tasks the client may see, and their days only where this contact sees those. The list of tasks has
 * all of an order, page by page.
 */
export async function readTasks(
	reader: Reader,
	{ account, orderId }: Of,
	only: { visible: boolean; due: boolean }
): Promise<OrderTask[]> {
	const rows = await reader.execute<OrderTask>(sql`
		SELECT t.id, t.title, t.status, ${only.due ? sql`t.due_on::text` : sql`NULL::text`} AS "dueOn" FROM task t
		WHERE t.order_id = ${orderId} AND ${ownRows(account, 't')} AND t.deleted_at IS NULL
			AND (NOT ${only.visible}::boolean OR t.client_visible)
		ORDER BY t.status = 'done', ${only.due ? sql`t.due_on NULLS LAST,` : sql``} t.created_at, t.id LIMIT ${PART_SIZE}`);
	return [...rows];
}

/** As many as were made with the order or written for it by hand. Drafts are never a client's to see. */
export async function readInvoices(
	reader: Reader,
	{ account, orderId }: Of,
	only: { sent: boolean }
): Promise<OrderInvoice[]> {
	const rows = await reader.execute<OrderInvoice>(sql`
		SELECT v.id, v.number, v.status, v.status = 'open' AND v.due_on < current_date AS overdue,
			v.total_minor::float8 AS "totalMinor", v.currency
		FROM invoice v WHERE v.order_id = ${orderId} AND ${ownRows(account, 'v')}
			AND (NOT ${only.sent}::boolean OR v.status <> 'draft')
		ORDER BY v.issued_on, v.id`);
	return [...rows];
}

export async function readSubscriptions(
	reader: Reader,
	{ account, orderId }: Of
): Promise<OrderSubscription[]> {
	const rows = await reader.execute<OrderSubscription>(sql`
		SELECT s.id, s.name, s.status, s.next_renewal_on::text AS "nextRenewalOn" FROM subscription s
		WHERE s.order_id = ${orderId} AND ${ownRows(account, 's')} ORDER BY s.created_at, s.id`);
	return [...rows];
}
