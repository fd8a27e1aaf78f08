// The demo's orders, in every status, each with its lines and all that hangs on it.
import type { OrderId } from '#domain/ids.ts';
import { totalsOf } from '#domain/money.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Ids } from '#server/ports/ids.ts';
import {
	answers,
	invoice,
	messages,
	NOTES,
	steps,
	tasks,
	type DemoOrder,
	type DemoOrders
} from './demo-order-rows.ts';
import { DEMO_CURRENCY, type DemoServices } from './demo-services.ts';
import type { Cast } from './demo-tasks.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TAX_RATE_BP = 2_000;

type Build = { dice: Dice; ids: Ids; now: number };

type When = { ageDays: number; recent: OrderStatus | undefined };
const RECENT: readonly OrderStatus[] = [
	'pending',
	'pending',
	'in_progress',
	'in_progress',
	'delivered',
	'delivered'
];

/** Few have ordered this week; one who orders often has. */
function whenOf(dice: Dice, index: number, count: number): When {
	if (count >= 9) return { ageDays: 1 + index * 9 + dice.between(0, 4), recent: RECENT[index] };
	return { ageDays: 2 + index * 45 + dice.between(0, 44), recent: undefined };
}

/** A time in office hours of the day that is so many days back. */
const officeTime = (dice: Dice, now: number, ageDays: number): Date =>
	new Date(
		Math.floor(now / DAY_MS - ageDays) * DAY_MS +
			dice.between(8, 16) * HOUR_MS +
			dice.between(0, 3_599) * 1_000
	);

/** The older, the further along. Who has many orders has a recent one in each status. */
function statusAt(dice: Dice, { ageDays, recent }: When): OrderStatus {
	if (recent) return recent;
	if (ageDays > 8 && dice.chance(9)) return 'cancelled';
	if (ageDays < 4) return 'pending';
	if (ageDays < 25) return dice.chance(75) ? 'in_progress' : 'pending';
	if (ageDays < 45) return dice.pick(['in_progress', 'delivered']);
	return dice.chance(85) ? 'completed' : 'delivered';
}

function orderRow(build: Build, cast: Cast, catalogue: DemoServices, when: When) {
	const { dice, ids, now } = build;
	const offered = catalogue.services.filter((one) => one.status === 'published' && one.visibleTo === 'all');
	const service = dice.pick(offered);
	const chosen = dice.pick(catalogue.packages.filter((one) => one.serviceId === service.id));
	const extras = catalogue.addOns.filter((one) => one.serviceId === service.id && dice.chance(30));
	const id = ids.uuid() as OrderId;
	const lines = [
		{ description: `${service.name}, ${chosen.name}`, quantity: 1, unitMinor: chosen.priceMinor },
		...extras.map((one) => ({ description: one.name, quantity: 1, unitMinor: one.priceMinor }))
	].map((line, position) => ({
		...line,
		id: ids.uuid(),
		orderId: id,
		position,
		amountMinor: line.unitMinor
	}));
	const createdAt = officeTime(dice, now, when.ageDays);
	const status = statusAt(dice, when);
	const byStaff = dice.chance(20);
	const order: DemoOrder = {
		id,
		agencyId: cast.client.agencyId,
		clientId: cast.client.id,
		number: '',
		serviceId: service.id,
		packageId: chosen.id,
		serviceName: service.name,
		packageName: chosen.name,
		billing: chosen.billing,
		intake: answers(build, service),
		status,
		currency: DEMO_CURRENCY,
		taxRateBp: TAX_RATE_BP,
		...totalsOf(lines, DEMO_CURRENCY, TAX_RATE_BP),
		cancelReason: status === 'cancelled' ? dice.pick(NOTES.cancelled) : null,
		madeByContactId: byStaff ? null : dice.pick(cast.contacts).id,
		madeByStaffId: byStaff ? dice.pick(cast.staff) : null,
		createdAt,
		updatedAt: createdAt
	};
	return { order, lines, service };
}

/** Orders of all these clients, numbered by their day; `countOf` says how many each has. */
export function demoOrders(
	build: Build,
	casts: readonly Cast[],
	{ catalogue, countOf }: { catalogue: DemoServices; countOf(name: string): number }
): DemoOrders {
	const all: DemoOrders = {
		orders: [],
		lines: [],
		steps: [],
		tasks: [],
		invoices: [],
		invoiceLines: [],
		messages: []
	};
	const made = casts
		.filter(
			({ client, contacts, staff }) => client.status !== 'inactive' && contacts.length > 0 && staff.length > 0
		)
		.flatMap((cast) =>
			Array.from({ length: countOf(cast.client.name) }, (_, index) => ({
				cast,
				...orderRow(build, cast, catalogue, whenOf(build.dice, index, countOf(cast.client.name)))
			}))
		)
		.toSorted((a, b) => a.order.createdAt.getTime() - b.order.createdAt.getTime());
	for (const [index, { cast, order, lines, service }] of made.entries()) {
		order.number = `ORD-${String(index + 1).padStart(5, '0')}`;
		const { row, copied } = invoice(build, order, lines);
		all.orders.push(order);
		all.lines.push(...lines);
		all.steps.push(...steps(build, cast, order));
		all.tasks.push(...tasks(build, service, order));
		all.invoices.push(row);
		all.invoiceLines.push(...copied);
		all.messages.push(...messages(build, cast, order));
	}
	return all;
}
