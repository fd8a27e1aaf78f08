// A subscription that staff begin for a client without an order. The renewal job invoices it from its first day on.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId, type PackageId, type ServiceId, type SubscriptionId } from '#domain/ids.ts';
import { planName, type Billing } from '#domain/renewal.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';
import { readTerms } from '../billing/insert-invoice.ts';
import { readToday } from '../billing/reach.ts';
import { insertSubscription } from './insert-subscription.ts';

export const subscriptionInput = z.object({
	packageId: z.string('Choose a plan.').min(1, 'Choose a plan.'),
	startOn: z.iso.date('Choose the first day.')
});
export type SubscriptionInput = z.infer<typeof subscriptionInput> & { clientId: string };

export type SoldPlan = {
	id: PackageId;
	serviceId: ServiceId;
	service: string;
	name: string;
	priceMinor: number;
	currency: string;
	billing: Billing;
};

const PLANS = sql`
	SELECT p.id, p.service_id AS "serviceId", v.name AS service, p.name, p.price_minor::float8 AS "priceMinor", p.currency, p.billing
	FROM service_package p JOIN service v ON v.id = p.service_id
	WHERE p.billing IN ('month', 'year') AND p.archived_at IS NULL AND v.status <> 'archived'`;

/** What the form of a new subscription offers. */
export const readSubscriptionStart =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string) => {
		await requireReader(db, actor, 'billing.manage');
		await requireClient(db, actor, clientId);
		const [[client], plans, today] = await Promise.all([
			db.execute<{ id: ClientId; name: string }>(sql`SELECT id, name FROM client WHERE id = ${clientId}`),
			db.execute<SoldPlan>(
				sql`${PLANS} AND p.agency_id = ${actor.agencyId} ORDER BY v.position, v.name, p.position, p.id`
			),
			readToday(db)
		]);
		if (!client) throw new AppError('not_found', 'There is no such client.');
		return { client, plans: [...plans], today };
	};

async function requirePlan(tx: Tx, actor: StaffActor, packageId: string): Promise<SoldPlan> {
	const [plan] = isUuid(packageId)
		? await tx.execute<SoldPlan>(sql`${PLANS} AND p.agency_id = ${actor.agencyId} AND p.id = ${packageId}`)
		: [];
	if (!plan)
		throw new AppError('invalid', 'This plan is not sold any more. Choose another.', { field: 'packageId' });
	return plan;
}

/** A day in the past would be caught up with at once, invoice after invoice: never what was meant. */
async function checkStart(tx: Tx, startOn: string): Promise<void> {
	if (startOn < (await readToday(tx)))
		throw new AppError('invalid', 'A subscription begins today or later.', { field: 'startOn' });
}

/** @throws AppError `not_found`, `invalid`, `conflict`; the gate's refusals (logged) */
export const createSubscription =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: StaffActor, input: SubscriptionInput, origin: Origin): Promise<SubscriptionId> => {
		if (!isUuid(input.clientId)) throw new AppError('not_found', 'There is no such client.');
		const clientId = input.clientId as ClientId;
		return act(actor, { action: 'subscription.created', clientId, origin }, async (tx) => {
			const [client] = await tx.execute<{ status: string }>(
				sql`SELECT status FROM client WHERE id = ${clientId} AND agency_id = ${actor.agencyId} FOR SHARE`
			);
			if (!client) throw new AppError('not_found', 'There is no such client.');
			if (client.status === 'archived')
				throw new AppError(
					'conflict',
					'This client is archived. Restore it before it subscribes to anything.'
				);
			const plan = await requirePlan(tx, actor, input.packageId);
			await checkStart(tx, input.startOn);
			const { taxRateBp } = await readTerms(tx, actor.agencyId);
			const { serviceId, priceMinor, currency, billing } = plan;
			const name = planName(plan.service, plan.name);
			const { id } = await insertSubscription(
				{ tx, ids, actor },
				{
					clientId,
					serviceId,
					packageId: plan.id,
					name,
					priceMinor,
					currency,
					taxRateBp,
					billing,
					anchorOn: input.startOn,
					firstPeriodInvoiced: false
				}
			);
			const details = { plan: name, priceMinor, currency, billing, startOn: input.startOn };
			return { value: id, subject: { type: 'subscription', id, label: name }, details };
		});
	};
