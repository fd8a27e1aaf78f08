// The demo's subscriptions with the invoices their renewals made, as if the job had run all along.
import type { ContactId, PackageId, ServiceId, SubscriptionId } from '#domain/ids.ts';
import { addDays, periodLine, periodOf, periodStart, planName, type Billing } from '#domain/renewal.ts';
import type * as tables from '#server/db/schema/index.ts';
import { dayOf, DEMO_TAX_BP, invoiceRows, type Build, type DemoInvoices } from './demo-invoices.ts';
import type { DemoPeople } from './demo-people.ts';

const DAY_MS = 86_400_000;

type Client = DemoPeople['clients'][number];
type Subscription = typeof tables.subscription.$inferInsert;
export type DemoSubscriptions = DemoInvoices & { subscriptions: Subscription[] };

/** A recurring package, as it is sold. */
export type DemoPlan = {
	id: PackageId;
	serviceId: ServiceId;
	service: string;
	name: string;
	priceMinor: number;
	currency: string;
	billing: Billing;
};

type Sort = 'active' | 'paused' | 'ending' | 'cancelled' | 'changing';
type Wanted = { plan: DemoPlan; sort: Sort; ageDays: number };

/** How many periods began until a day. */
function periodsUntil(anchorOn: string, billing: Billing, day: string): number {
	let periods = 0;
	while (periodStart({ anchorOn, billing }, periods) <= day) periods += 1;
	return periods;
}

function standingOf(
	{ now }: Build,
	{ sort, plan }: Wanted,
	plans: readonly DemoPlan[]
): Partial<Subscription> {
	switch (sort) {
		case 'paused':
			return { status: 'paused', pausedAt: new Date(now - 9 * DAY_MS) };
		case 'ending':
			return {
				status: 'ending',
				cancelledAt: new Date(now - 5 * DAY_MS),
				cancelReason: 'We do this ourselves from the new season on.'
			};
		case 'cancelled':
			return {
				status: 'cancelled',
				cancelledAt: new Date(now - 60 * DAY_MS),
				cancelReason: 'The shop moved to another system.',
				nextRenewalOn: null
			};
		case 'changing': {
			const other = plans.find((one) => one.serviceId === plan.serviceId && one.id !== plan.id);
			return { status: 'active', nextPackageId: other?.id ?? null };
		}
		case 'active':
			return { status: 'active' };
	}
}

function oneSubscription(
	build: Build,
	client: Client,
	wanted: Wanted,
	more: { owner: ContactId | null; plans: readonly DemoPlan[] }
): DemoSubscriptions {
	const { now, ids } = build;
	const { plan, ageDays } = wanted;
	const { billing } = plan;
	const started = now - ageDays * DAY_MS;
	const anchorOn = dayOf(started);
	// A cancelled one ran out two months ago; all others were renewed until today.
	const until = wanted.sort === 'cancelled' ? addDays(dayOf(now), -60) : dayOf(now);
	const periods = periodsUntil(anchorOn, billing, until);
	const name = planName(plan.service, plan.name);
	const subscription: Subscription = {
		id: ids.uuid() as SubscriptionId,
		agencyId: client.agencyId,
		clientId: client.id,
		serviceId: plan.serviceId,
		packageId: plan.id,
		name,
		priceMinor: plan.priceMinor,
		currency: plan.currency,
		taxRateBp: DEMO_TAX_BP,
		billing,
		anchorOn,
		periods,
		nextRenewalOn: periodStart({ anchorOn, billing }, periods),
		madeByContactId: more.owner,
		createdAt: new Date(started),
		...standingOf(build, wanted, more.plans)
	};
	const made = Array.from({ length: periods }, (_, n) => {
		const period = periodOf({ anchorOn, billing }, n);
		const issued = Date.parse(period.from);
		return invoiceRows(build, client, {
			work: [{ description: periodLine(name, period), quantity: 1, unitMinor: plan.priceMinor }],
			issued,
			// Renewals are paid soon: only what was invoiced in the last days is still open.
			status: now - issued > 16 * DAY_MS ? 'paid' : 'open',
			subscriptionId: subscription.id,
			periodFrom: period.from
		});
	});
	return {
		subscriptions: [subscription],
		invoices: made.map((one) => one.invoice),
		lines: made.flatMap((one) => one.lines)
	};
}

/** The client of the tour has one in each state. */
function wantedOf({ dice }: Build, client: Client, plans: readonly DemoPlan[]): Wanted[] {
	const [first] = plans;
	if (!first) return [];
	const at = (index: number): DemoPlan => plans[index % plans.length] ?? first;
	if (client.name !== 'Bluebird Bakery')
		return Array.from({ length: dice.between(1, 2) }, (_, n) => ({
			plan: at(dice.between(0, plans.length - 1) + n),
			sort: dice.chance(8) ? 'ending' : dice.chance(6) ? 'paused' : 'active',
			ageDays: dice.between(20, 200)
		}));
	const yearly = plans.find((plan) => plan.billing === 'year') ?? at(0);
	const monthly = plans.filter((plan) => plan.billing === 'month');
	const month = (index: number): DemoPlan => monthly[index % monthly.length] ?? at(index);
	return [
		{ plan: yearly, sort: 'active', ageDays: 400 },
		{ plan: month(2), sort: 'changing', ageDays: 170 },
		{ plan: month(4), sort: 'paused', ageDays: 95 },
		{ plan: month(5), sort: 'ending', ageDays: 130 },
		{ plan: month(0), sort: 'cancelled', ageDays: 260 }
	];
}

/** Subscriptions of every active client, with their invoices. */
export function demoSubscriptions(
	build: Build,
	people: Pick<DemoPeople, 'clients' | 'contacts'>,
	plans: readonly DemoPlan[]
): DemoSubscriptions {
	const all: DemoSubscriptions = { subscriptions: [], invoices: [], lines: [] };
	if (plans.length === 0) return all;
	for (const client of people.clients.filter((one) => (one.status ?? 'active') === 'active')) {
		const owner = people.contacts.find((one) => one.clientId === client.id && one.isOwner)?.id ?? null;
		for (const wanted of wantedOf(build, client, plans)) {
			const made = oneSubscription(build, client, wanted, { owner, plans });
			all.subscriptions.push(...made.subscriptions);
			all.invoices.push(...made.invoices);
			all.lines.push(...made.lines);
		}
	}
	return all;
}
