// One renewal: the invoice of the next period and the subscription moved on, in one transaction with their action. Whoever
// comes second finds it not due any more; the unique index (subscription, period) stands behind that.
import { sql } from 'drizzle-orm';
import type { SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, PackageId, SubscriptionId } from '#domain/ids.ts';
import { addDays, afterRenewal, periodLine, planName, type Billing, type Period } from '#domain/renewal.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { insertInvoice, readTerms, type InsertedInvoice } from '../billing/insert-invoice.ts';
import { LOCKED_COLUMNS, type LockedSubscription } from './lock-subscription.ts';

export type Due = {
	id: SubscriptionId;
	agencyId: SystemActor['agencyId'];
	clientId: ClientId;
	ends: boolean;
};

type Plan = {
	packageId: PackageId | null;
	name: string;
	priceMinor: number;
	currency: string;
	billing: Billing;
};
type Held = LockedSubscription & { priceMinor: number; currency: string; taxRateBp: number };

/** Which rows are due on a day. An archived client is billed no more: what it subscribed to ends at its renewal. */
export const dueOn = (today: string) =>
	sql`s.status IN ('active', 'ending') AND s.next_renewal_on <= ${today}::date`;
export const ENDS = sql`(s.status = 'ending' OR (SELECT c.status FROM client c WHERE c.id = s.client_id) = 'archived')`;

const notDue = () => new AppError('conflict', 'This subscription is not due, or is being renewed right now.');

/** @throws AppError `conflict` when another worker holds it or was faster */
async function hold(tx: Tx, due: Due, today: string): Promise<Held> {
	const [row] = await tx.execute<Held & { ends: boolean }>(sql`
		SELECT ${LOCKED_COLUMNS}, s.price_minor::float8 AS "priceMinor", s.currency, s.tax_rate_bp AS "taxRateBp", ${ENDS} AS ends
		FROM subscription s WHERE s.id = ${due.id} AND s.agency_id = ${due.agencyId} AND ${dueOn(today)}
		FOR UPDATE OF s SKIP LOCKED`);
	if (!row || row.ends !== due.ends) throw notDue();
	return row;
}

async function planOf(tx: Tx, held: Held): Promise<Plan> {
	const { packageId, name, priceMinor, currency, billing } = held;
	const now = { packageId, name, priceMinor, currency, billing };
	if (!held.nextPackageId) return now;
	const [next] = await tx.execute<Plan & { service: string }>(sql`
		SELECT p.id AS "packageId", p.name, coalesce(s.next_price_minor, p.price_minor)::float8 AS "priceMinor",
			p.currency, p.billing, v.name AS service
		FROM subscription s JOIN service_package p ON p.id = s.next_package_id JOIN service v ON v.id = p.service_id
		WHERE s.id = ${held.id} AND p.billing IN ('month', 'year')`);
	return next ? { ...next, name: planName(next.service, next.name) } : now;
}

async function invoicePeriod(
	{ tx, ids, actor }: { tx: Tx; ids: Ids; actor: SystemActor },
	{ held, plan, period, today }: { held: Held; plan: Plan; period: Period; today: string }
): Promise<InsertedInvoice> {
	const { paymentDays } = await readTerms(tx, actor.agencyId);
	return insertInvoice(
		{ tx, ids, actor },
		{
			clientId: held.clientId,
			status: 'open',
			currency: plan.currency,
			taxRateBp: held.taxRateBp,
			lines: [{ description: periodLine(plan.name, period), quantity: 1, unitMinor: plan.priceMinor }],
			issuedOn: today,
			dueOn: addDays(today, paymentDays),
			subscriptionId: held.id,
			periodFrom: period.from
		}
	);
}

type Renewing = { act: Act; ids: Ids };

/** @returns the day of the renewal after this one; @throws AppError `conflict` when it is not due any more */
export async function renewSubscription({ act, ids }: Renewing, due: Due, today: string): Promise<string> {
	const actor: SystemActor = { kind: 'system', agencyId: due.agencyId };
	const subject = { type: 'subscription', id: due.id };
	const deed = { action: 'subscription.renewed', clientId: due.clientId, subject } as const;
	return act(actor, deed, async (tx) => {
		const held = await hold(tx, due, today);
		const plan = await planOf(tx, held);
		const { anchorOn, periods, period, nextRenewalOn } = afterRenewal(held, plan.billing);
		const invoice = await invoicePeriod({ tx, ids, actor }, { held, plan, period, today });
		await tx.execute(sql`
			UPDATE subscription SET anchor_on = ${anchorOn}::date, periods = ${periods}, next_renewal_on = ${nextRenewalOn}::date,
				package_id = ${plan.packageId}::uuid, name = ${plan.name}, price_minor = ${plan.priceMinor},
				currency = ${plan.currency}, billing = ${plan.billing}, next_package_id = NULL,
				next_price_minor = NULL, updated_at = now()
			WHERE id = ${held.id}`);
		const { id: invoiceId, number, totalMinor } = invoice;
		const details = { invoiceId, number, totalMinor, currency: plan.currency, period, nextRenewalOn };
		return { value: nextRenewalOn, subject: { ...subject, label: plan.name }, details };
	});
}

/** The paid time of a cancelled subscription is over. @throws AppError `conflict` when it was kept meanwhile */
export async function endSubscription(
	{ act }: Pick<Renewing, 'act'>,
	due: Due,
	today: string
): Promise<void> {
	const actor: SystemActor = { kind: 'system', agencyId: due.agencyId };
	const subject = { type: 'subscription', id: due.id };
	await act(actor, { action: 'subscription.ended', clientId: due.clientId, subject }, async (tx) => {
		const held = await hold(tx, due, today);
		await tx.execute(sql`UPDATE subscription SET status = 'cancelled', cancelled_at = COALESCE(cancelled_at, clock_timestamp()),
			next_renewal_on = NULL, next_package_id = NULL, updated_at = now() WHERE id = ${held.id}`);
		return {
			value: undefined,
			subject: { ...subject, label: held.name },
			details: { endedOn: held.nextRenewalOn }
		};
	});
}
