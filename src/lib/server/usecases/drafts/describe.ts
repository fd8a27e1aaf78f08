// What a draft is about, for each action that may wait for approval, in the words its client decides by. Each looks the
// thing up within the actor's own account, so that a draft of what does not exist is never stored.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { formatMoney } from '#domain/money.ts';
import type { Reader } from '#server/db/types.ts';
import type { ClaimInput } from '../billing/claim-paid.ts';
import type { CancelInput as CancelOrder } from '../orders/cancel-order.ts';
import type { OrderInput } from '../orders/order-input.ts';
import { quoteOrder } from '../orders/quote-order.ts';
import { accountOf } from '../portal/either-side.ts';
import { ownRows, requireArea, requireId } from '../portal/scope.ts';
import type { CancelInput as CancelSubscription } from '../subscriptions/cancel-subscription.ts';
import type { PlanInput } from '../subscriptions/change-plan.ts';
import { readPlans } from '../subscriptions/read-plans.ts';
import type { Describe, Fact } from './draft-desk.ts';

type Table = 'task' | 'file' | 'folder' | 'invoice' | 'subscription' | 'client_order';

/** Columns of one row of the account, by its id. @throws AppError `not_found` */
async function readOwn<T extends Record<string, unknown>>(
	reader: Reader,
	actor: PortalActor,
	row: { table: Table; id: string; what: string; columns: ReturnType<typeof sql>; live?: boolean }
): Promise<T> {
	const id = requireId<string>(row.id, row.what);
	const [found] = await reader.execute<T>(sql`
		SELECT ${row.columns} FROM ${sql.identifier(row.table)} v WHERE v.id = ${id} AND ${ownRows(actor, 'v')}
		${row.live ? sql`AND v.deleted_at IS NULL` : sql``}`);
	if (!found) throw new AppError('not_found', `There is no such ${row.what}.`);
	return found as T;
}

const reasonFact = (reason: string): Fact[] => (reason ? [{ term: 'Reason', value: reason }] : []);

export const describeTaskDeletion: Describe<{ id: string }> = async (reader, actor, { id }) => {
	const columns = sql`v.title, v.client_visible AS shown`;
	const task = await readOwn<{ title: string; shown: boolean }>(reader, actor, {
		table: 'task',
		id,
		what: 'task',
		columns,
		live: true
	});
	// Internal work is none to whoever stands in the portal: not even its title.
	if (!task.shown) throw new AppError('not_found', 'There is no such task.');
	return { label: `Delete task “${task.title}”`, href: `/tasks/${id}`, facts: [] };
};

export const describeFileDeletion: Describe<{ id: string }> = async (reader, actor, { id }) => {
	const columns = sql`v.name, v.folder_id`;
	const file = await readOwn<{ name: string; folder_id: string | null }>(reader, actor, {
		table: 'file',
		id,
		what: 'file',
		columns,
		live: true
	});
	const href = file.folder_id ? `/files?folder=${file.folder_id}` : '/files';
	return { label: `Delete file “${file.name}”`, href, facts: [] };
};

export const describeFolderDeletion: Describe<{ id: string }> = async (reader, actor, { id }) => {
	const columns = sql`v.name, (SELECT count(*)::int FROM file f WHERE f.folder_id = v.id AND f.deleted_at IS NULL) AS files`;
	const folder = await readOwn<{ name: string; files: number }>(reader, actor, {
		table: 'folder',
		id,
		what: 'folder',
		columns,
		live: true
	});
	return {
		label: `Delete folder “${folder.name}” with all it holds`,
		href: `/files?folder=${id}`,
		facts: [{ term: 'Files directly in it', value: String(folder.files) }]
	};
};

export const describeOrder: Describe<OrderInput> = async (reader, actor, input) => {
	await requireArea(reader, actor, 'services');
	const quote = await quoteOrder(reader, accountOf(actor, null), input);
	// What would be refused at once is refused now, not by the client days later.
	const [issue] = Object.entries(quote.issues);
	if (issue) throw new AppError('invalid', issue[1], { field: issue[0] });
	const minor = quote.totals.totalMinor;
	const total = formatMoney({ minor, currency: quote.currency });
	return {
		label: `Order ${quote.service.name}, ${quote.package.name}`,
		href: `/services/${input.serviceId}`,
		facts: [
			...quote.lines.map(({ description, quantity }) => ({ term: description, value: `× ${quantity}` })),
			{ term: 'Total with tax', value: total, needs: ['services.prices', 'orders.amounts'] }
		]
	};
};

export const describeOrderCancellation: Describe<CancelOrder> = async (
	reader,
	actor,
	{ orderId, reason }
) => {
	const columns = sql`v.number, v.service_name AS service`;
	const order = await readOwn<{ number: string; service: string }>(reader, actor, {
		table: 'client_order',
		id: orderId,
		what: 'order',
		columns
	});
	return {
		label: `Cancel order ${order.number}, ${order.service}`,
		href: `/orders/${orderId}`,
		facts: reasonFact(reason)
	};
};

export const describeClaim: Describe<ClaimInput> = async (reader, actor, { id, reference }) => {
	const columns = sql`v.number, v.currency, (v.total_minor - v.paid_minor)::float8 AS due, v.status`;
	const invoice = await readOwn<{ number: string | null; currency: string; due: number; status: string }>(
		reader,
		actor,
		{ table: 'invoice', id, what: 'invoice', columns }
	);
	if (invoice.status === 'draft') throw new AppError('not_found', 'There is no such invoice.');
	return {
		label: `Say that invoice ${invoice.number} was paid`,
		href: `/invoices/${id}`,
		facts: [
			{ term: 'Amount', value: formatMoney({ minor: invoice.due, currency: invoice.currency }) },
			...(reference ? [{ term: 'Reference', value: reference }] : [])
		]
	};
};

export const describeClaimWithdrawal: Describe<{ id: string }> = async (reader, actor, { id }) => {
	const columns = sql`v.number, v.claim_reference AS reference, v.status`;
	const invoice = await readOwn<{ number: string | null; reference: string | null; status: string }>(
		reader,
		actor,
		{ table: 'invoice', id, what: 'invoice', columns }
	);
	if (invoice.status === 'draft') throw new AppError('not_found', 'There is no such invoice.');
	return {
		label: `Take back that invoice ${invoice.number} was paid`,
		href: `/invoices/${id}`,
		facts: invoice.reference ? [{ term: 'Reference', value: invoice.reference }] : []
	};
};

type Subscription = { name: string; service_id: string | null; next: string | null };
const SUBSCRIPTION = sql`v.name, v.service_id, v.next_renewal_on::text AS next`;

export const describePlanChange: Describe<PlanInput> = async (reader, actor, { id, packageId }) => {
	const what = 'subscription';
	await requireArea(reader, actor, 'subscriptions');
	const found = await readOwn<Subscription>(reader, actor, { table: what, id, what, columns: SUBSCRIPTION });
	const plans = await readPlans(reader, actor, found.service_id);
	const plan = plans.find((one) => one.id === packageId);
	if (!plan) throw new AppError('not_found', 'There is no such plan.');
	const price = formatMoney({ minor: plan.priceMinor, currency: plan.currency });
	return {
		label: `Change ${found.name} to ${plan.name}`,
		href: `/subscriptions/${id}`,
		facts: [
			{ term: 'New plan', value: plan.name },
			{ term: 'Price', value: `${price} a ${plan.billing}, without tax`, needs: ['services.prices'] },
			...(found.next ? [{ term: 'From the renewal on', value: found.next }] : [])
		]
	};
};

export const describeSubscriptionCancellation: Describe<CancelSubscription> = async (
	reader,
	actor,
	{ id, reason }
) => {
	const what = 'subscription';
	const found = await readOwn<Subscription>(reader, actor, { table: what, id, what, columns: SUBSCRIPTION });
	return {
		label: `Cancel subscription ${found.name}`,
		href: `/subscriptions/${id}`,
		facts: [...(found.next ? [{ term: 'Paid until', value: found.next }] : []), ...reasonFact(reason)]
	};
};
