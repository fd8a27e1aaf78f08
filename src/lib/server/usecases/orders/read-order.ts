// One order with all that belongs to it: in the portal cut to what this contact sees, for staff whole.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, OrderId, ThreadId } from '#domain/ids.ts';
import type { IntakeAnswer } from '#domain/intake-kinds.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Charge } from '#domain/shown-service.ts';
import { may } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { epochMs, makerOf, ownRows, requireArea, requireId, type Maker } from '../portal/scope.ts';
import type { Part, PartPages } from '../portal/part-pages.ts';
import * as parts from './read-order-parts.ts';
import { readCancelling } from './restore-order.ts';

type Head = {
	id: OrderId;
	number: string;
	status: OrderStatus;
	serviceName: string;
	packageName: string;
	billing: Charge;
	intake: IntakeAnswer[];
	cancelReason: string | null;
	createdAt: number;
	maker: Maker;
	client: { id: ClientId; name: string };
	sums: { subtotalMinor: number; taxMinor: number; totalMinor: number; taxRateBp: number; currency: string };
};

export type OrderPart = 'steps' | 'messages' | 'files';

type Long = {
	steps: Part<parts.OrderStep>;
	messages: Part<parts.OrderMessage> | null;
	files: Part<parts.OrderFile> | null;
};
const longParts = ({ steps, messages, files }: Long) => ({
	steps: steps.rows,
	messages: messages?.rows ?? null,
	files: files?.rows ?? null,
	earlier: {
		steps: steps.earlier,
		messages: messages?.earlier ?? false,
		files: files?.earlier ?? false
	}
});

/** A part that is null is not this contact's to see. */
export type OrderDetail = Omit<Head, 'sums' | 'client'> & {
	sums: Head['sums'] | null;
	steps: parts.OrderStep[];
	lines: parts.OrderLine[];
	messages: parts.OrderMessage[] | null;
	/** Of these messages; null while nobody wrote. */
	threadId: ThreadId | null;
	files: parts.OrderFile[] | null;
	tasks: parts.OrderTask[] | null;
	invoices: parts.OrderInvoice[] | null;
	subscriptions: parts.OrderSubscription[] | null;
	/** Of which part there is more, on its next page. */
	earlier: Record<OrderPart, boolean>;
	/** Until when the reader may take the cancelling back; null when they may not. */
	restorableUntil: number | null;
};
export type StaffOrderDetail = OrderDetail & Pick<Head, 'client'>;

async function readHead(db: Db, id: string, scope: SQL): Promise<Head> {
	const orderId = requireId<OrderId>(id, 'order');
	const [head] = await db.execute<Omit<Head, 'createdAt'> & { createdAt: string }>(sql`
		SELECT o.id, o.number, o.status, o.service_name AS "serviceName", o.package_name AS "packageName", o.billing,
			o.intake, o.cancel_reason AS "cancelReason", ${epochMs('o.created_at')} AS "createdAt", ${makerOf('o')} AS maker,
			json_build_object('id', o.client_id, 'name', (SELECT name FROM client WHERE id = o.client_id)) AS client,
			json_build_object('subtotalMinor', o.subtotal_minor, 'taxMinor', o.tax_minor, 'totalMinor', o.total_minor,
				'taxRateBp', o.tax_rate_bp, 'currency', o.currency) AS sums
		FROM client_order o WHERE o.id = ${orderId} AND ${scope}`);
	if (!head) throw new AppError('not_found', 'There is no such order.');
	return { ...head, createdAt: Number(head.createdAt) };
}

/** @throws AppError `not_found`, also for another client's order and where orders are hidden from this contact */
export const readOrder =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string, pages: PartPages<OrderPart> = {}): Promise<OrderDetail> => {
		const view = await requireArea(db, actor, 'orders');
		const { sums, client: _own, ...head } = await readHead(db, id, ownRows(actor, 'o'));
		const of = { account: actor, orderId: head.id };
		const sees = (key: Parameters<typeof may>[0]) => may(key, view, 'see');
		const amounts = sees('orders.amounts');
		const mayRestore = head.status === 'cancelled' && may('orders.cancel', view);
		const [steps, lines, messages, threadId, files, tasks, invoices, subscriptions, cancelling] =
			await Promise.all([
				parts.readSteps(db, { ...of, page: pages.steps }),
				parts.readLines(db, of, amounts),
				sees('orders.messages') ? parts.readMessages(db, { ...of, page: pages.messages }) : null,
				sees('orders.messages') ? parts.readThread(db, of) : null,
				sees('orders.files') ? parts.readFiles(db, { ...of, page: pages.files }) : null,
				sees('tasks') ? parts.readTasks(db, of, { visible: true, due: sees('tasks.due_date') }) : null,
				sees('invoices') ? parts.readInvoices(db, of, { sent: true }) : null,
				sees('subscriptions') ? parts.readSubscriptions(db, of) : null,
				mayRestore ? readCancelling(db, actor, { orderId: head.id, on: 'portal' }) : null
			]);
		return {
			...head,
			restorableUntil: cancelling?.until ?? null,
			sums: amounts ? sums : null,
			...longParts({ steps, messages, files }),
			lines,
			threadId,
			tasks,
			invoices,
			subscriptions
		};
	};

/** @throws AppError `not_allowed`; `not_found`, also for another agency's order */
export const readOrderForStaff =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string, pages: PartPages<OrderPart> = {}): Promise<StaffOrderDetail> => {
		await requireReader(db, actor, 'orders.manage');
		const head = await readHead(db, id, sql`o.agency_id = ${actor.agencyId}`);
		const of = { account: { agencyId: actor.agencyId, clientId: head.client.id }, orderId: head.id };
		const mayRestore = head.status === 'cancelled';
		const [steps, lines, messages, threadId, files, tasks, invoices, subscriptions, cancelling] =
			await Promise.all([
				parts.readSteps(db, { ...of, page: pages.steps }),
				parts.readLines(db, of, true),
				parts.readMessages(db, { ...of, page: pages.messages }),
				parts.readThread(db, of),
				parts.readFiles(db, { ...of, page: pages.files }),
				parts.readTasks(db, of, { visible: false, due: true }),
				parts.readInvoices(db, of, { sent: false }),
				parts.readSubscriptions(db, of),
				mayRestore ? readCancelling(db, of.account, { orderId: head.id, on: 'agency' }) : null
			]);
		return {
			...head,
			restorableUntil: cancelling?.until ?? null,
			...longParts({ steps, messages, files }),
			lines,
			threadId,
			tasks,
			invoices,
			subscriptions
		};
	};
