// All rows of a new order, inside the change that places it: the order as it was agreed, its first step, its tasks, its
// subscription when it comes again, and its invoice.
import { sql } from 'drizzle-orm';
import type { InvoiceId, OrderId, SubscriptionId, TaskId } from '#domain/ids.ts';
import { planName } from '#domain/renewal.ts';
import type { Tx } from '#server/db/types.ts';
import { nextNumber } from '#server/db/next-number.ts';
import type { Ids } from '#server/ports/ids.ts';
import { insertInvoice } from '../billing/insert-invoice.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';
import { insertSubscription } from '../subscriptions/insert-subscription.ts';
import { insertStep } from './insert-step.ts';
import type { Quote } from './quote-order.ts';

type By = { tx: Tx; ids: Ids; actor: EitherActor };
type NewOrder = { id: OrderId; account: Account; quote: Quote; key: string };

export type WrittenOrder = {
	id: OrderId;
	number: string;
	invoiceId: InvoiceId;
	invoiceNumber: string | null;
	subscriptionId: SubscriptionId | null;
	taskIds: TaskId[];
};

async function insertOrder({ tx, ids, actor }: By, { id, account, quote, key }: NewOrder): Promise<string> {
	const number = await nextNumber(tx, account.agencyId, 'ORD');
	const { service, package: chosen, totals, terms } = quote;
	await tx.execute(sql`
		INSERT INTO client_order (id, agency_id, client_id, number, service_id, package_id, service_name, package_name,
			billing, intake, currency, tax_rate_bp, subtotal_minor, tax_minor, total_minor, request_key,
			made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${number}, ${service.id}, ${chosen.id}, ${service.name},
			${chosen.name}, ${chosen.billing}, ${JSON.stringify(quote.answers)}::jsonb, ${quote.currency}, ${terms.taxRateBp},
			${totals.subtotalMinor}, ${totals.taxMinor}, ${totals.totalMinor}, ${key}, ${stamp(actor)})`);
	const rows = quote.lines.map(
		(line, position) => sql`(${ids.uuid()}, ${id}, ${position}, ${line.description}, ${line.quantity},
			${line.unitMinor}, ${line.quantity * line.unitMinor})`
	);
	await tx.execute(sql`
		INSERT INTO client_order_line (id, order_id, position, description, quantity, unit_minor, amount_minor)
		VALUES ${sql.join(rows, sql`, `)}`);
	return number;
}

/** The agency's own tasks, whoever ordered: nobody asked for them one by one. */
async function insertTasks({ tx, ids }: By, { id, account, quote }: NewOrder): Promise<TaskId[]> {
	const made: TaskId[] = [];
	for (const task of quote.service.tasks) {
		const taskId = ids.uuid() as TaskId;
		await tx.execute(sql`
			INSERT INTO task (id, agency_id, client_id, order_id, title, description, waiting_on, client_visible, due_on)
			VALUES (${taskId}, ${account.agencyId}, ${account.clientId}, ${id}, ${task.title}, ${task.description},
				${task.waitingOn}, ${task.visible}, current_date + ${task.dueAfterDays}::int)`);
		made.push(taskId);
	}
	return made;
}

/** Part of a change that the gate opened. The quote was made in the same transaction. */
export async function writeOrder(by: By, order: NewOrder): Promise<WrittenOrder> {
	const { quote, account, id } = order;
	const { clientId } = account;
	const { service, package: chosen, currency, terms } = quote;
	const number = await insertOrder(by, order);
	await insertStep(by, { orderId: id, account, status: 'pending', note: '' });
	const taskIds = await insertTasks(by, order);
	const [days] = await by.tx.execute<{ today: string; due: string }>(sql`
		SELECT current_date::text AS today, (current_date + ${terms.paymentDays}::int)::text AS due`);
	if (!days) throw new Error('The database did not tell the day.');
	const subscription =
		chosen.billing === 'once'
			? null
			: await insertSubscription(by, {
					clientId,
					orderId: id,
					serviceId: service.id,
					packageId: chosen.id,
					name: planName(service.name, chosen.name),
					priceMinor: chosen.priceMinor,
					currency,
					taxRateBp: terms.taxRateBp,
					billing: chosen.billing,
					anchorOn: days.today,
					firstPeriodInvoiced: true
				});
	const invoice = await insertInvoice(by, {
		clientId,
		status: 'open',
		currency,
		taxRateBp: terms.taxRateBp,
		lines: quote.lines,
		issuedOn: days.today,
		dueOn: days.due,
		orderId: id,
		subscriptionId: subscription?.id ?? null,
		periodFrom: subscription?.firstPeriod.from ?? null
	});
	return {
		id,
		number,
		invoiceId: invoice.id,
		invoiceNumber: invoice.number,
		subscriptionId: subscription?.id ?? null,
		taskIds
	};
}
