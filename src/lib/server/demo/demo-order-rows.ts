// What hangs on an order of the demo: its answers, steps, tasks, invoice and some talk.
import type { InvoiceId, OrderId, TaskId } from '#domain/ids.ts';
import type { IntakeAnswer, IntakeQuestion } from '#domain/intake-kinds.ts';
import { ORDER_PATH, type OrderStatus } from '#domain/order-status.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { DemoService } from './demo-services.ts';
import type { Cast } from './demo-tasks.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PAYMENT_DAYS = 14;

type Row<T extends { $inferInsert: unknown }> = T['$inferInsert'];
export type DemoOrder = Row<typeof tables.clientOrder> & {
	id: OrderId;
	createdAt: Date;
	status: OrderStatus;
};
export type DemoMessage = { order: DemoOrder; body: string; by: Maker; at: Date };
export type DemoOrders = {
	orders: DemoOrder[];
	lines: Row<typeof tables.clientOrderLine>[];
	steps: Row<typeof tables.clientOrderStep>[];
	tasks: Row<typeof tables.task>[];
	invoices: Row<typeof tables.invoice>[];
	invoiceLines: Row<typeof tables.invoiceLine>[];
	messages: DemoMessage[];
};

type Maker = Pick<DemoOrder, 'madeByContactId' | 'madeByStaffId'>;
type Build = { dice: Dice; ids: Ids; now: number };

export const NOTES: Record<OrderStatus, readonly string[]> = {
	pending: [''],
	in_progress: [
		'We have begun. First results by the end of next week.',
		'Thank you, we have everything we need.',
		''
	],
	delivered: ['Everything is in your files. Tell us what you think.', 'Ready. Please have a look.', ''],
	completed: ['Thank you for working with us.', ''],
	cancelled: ['Ordered the wrong package, sorry.', 'We decided to wait until spring.']
};
const TALK: readonly (readonly [client: string, agency: string])[] = [
	['Can we move the first talk to Thursday?', 'Thursday at ten works. The invitation is in your mailbox.'],
	['The second draft is lovely. Only the green is too bright.', 'Noted. The new version comes tomorrow.'],
	['Do you need the products unpacked?', 'No, we do that. Please mark which ones are fragile.'],
	['Who writes the texts?', 'We do, from your notes. You approve them before anything goes live.']
];

/** Long answers, by the question they belong to. */
const WRITTEN: Record<string, readonly string[]> = {
	about: [
		'We are a small family business. People come back because they know us by name.',
		'Three people, one shop, and a van for deliveries on Saturdays.'
	],
	words: [
		'Fresh bread, birthday cakes, breakfast to take away.',
		'Repairs within a day, and advice before you buy.'
	],
	tone: ['Nothing about politics, and no pictures of guests without asking them.', 'No discounts, please.'],
	offer: [
		'The spring menu, to be ordered until Thursday evening.',
		'A first talk of thirty minutes that costs nothing.'
	]
};

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function answerOf(dice: Dice, now: number, { key, kind, options, min }: IntakeQuestion): string | string[] {
	switch (kind) {
		case 'multiple':
			return options.slice(0, 2);
		case 'choice':
			return dice.pick(options);
		case 'yes_no':
			return dice.pick(['Yes', 'No']);
		case 'number':
			return String((min ?? 1) + dice.between(2, 20));
		case 'date':
			return dayOf(now + dice.between(10, 40) * DAY_MS);
		case 'link':
			return 'https://www.example.com/our-site';
		case 'email':
			return 'hello@example.com';
		case 'long_text':
			return dice.pick(WRITTEN[key] ?? WRITTEN['about'] ?? []);
		case 'short_text':
			return dice.pick(['Spring offers', 'Opening of the second shop', '+44 20 7946 0000']);
	}
}

export const answers = ({ dice, now }: Build, service: DemoService): IntakeAnswer[] =>
	(service.intake ?? [])
		.filter((question) => question.required || dice.chance(60))
		.map((question) => {
			const { key, label, kind } = question;
			return { key, label, kind, value: answerOf(dice, now, question) };
		});

/** Which steps an order of this status went through; a cancelled one never began. */
const wayTo = (status: OrderStatus): OrderStatus[] =>
	status === 'cancelled'
		? ['pending', 'cancelled']
		: ORDER_PATH.slice(0, ORDER_PATH.findIndex((step) => step === status) + 1);

export function steps(build: Build, cast: Cast, order: DemoOrder): DemoOrders['steps'] {
	const { dice, ids, now } = build;
	let at = order.createdAt.getTime();
	return wayTo(order.status).map((status, index) => {
		if (index > 0) at = Math.min(at + dice.between(20, 220) * HOUR_MS, now - (5 - index) * HOUR_MS);
		const isClients = index === 0 || status === 'cancelled';
		return {
			id: ids.uuid(),
			agencyId: order.agencyId,
			clientId: order.clientId,
			orderId: order.id,
			status,
			note: status === 'cancelled' ? (order.cancelReason ?? '') : dice.pick(NOTES[status]),
			madeByContactId: isClients ? (order.madeByContactId ?? null) : null,
			madeByStaffId: isClients ? (order.madeByStaffId ?? null) : dice.pick(cast.staff),
			createdAt: new Date(at)
		};
	});
}

export function tasks(
	{ dice, ids, now }: Build,
	service: DemoService,
	order: DemoOrder
): DemoOrders['tasks'] {
	if (order.status === 'cancelled') return [];
	return (service.defaultTasks ?? []).map((task) => {
		const isDone = order.status !== 'pending' && (order.status !== 'in_progress' || dice.chance(50));
		const doneAt = new Date(Math.min(order.createdAt.getTime() + dice.between(2, 9) * DAY_MS, now - HOUR_MS));
		return {
			id: ids.uuid() as TaskId,
			agencyId: order.agencyId,
			clientId: order.clientId,
			orderId: order.id,
			title: task.title,
			description: task.description,
			waitingOn: task.waitingOn,
			clientVisible: task.visible,
			dueOn:
				task.dueAfterDays === null ? null : dayOf(order.createdAt.getTime() + task.dueAfterDays * DAY_MS),
			status: isDone ? ('done' as const) : ('open' as const),
			createdAt: order.createdAt,
			updatedAt: isDone ? doneAt : order.createdAt,
			completedAt: isDone ? doneAt : null
		};
	});
}

/** Numbered with all other invoices, by their day. */
export function invoice({ ids, now }: Build, order: DemoOrder, lines: DemoOrders['lines']) {
	const id = ids.uuid() as InvoiceId;
	const issued = order.createdAt.getTime();
	const due = issued + PAYMENT_DAYS * DAY_MS;
	const isPaid = order.status !== 'cancelled' && due < now - 3 * DAY_MS;
	const row: DemoOrders['invoices'][number] = {
		id,
		agencyId: order.agencyId,
		clientId: order.clientId,
		orderId: order.id,
		number: '',
		status: order.status === 'cancelled' ? 'void' : isPaid ? 'paid' : 'open',
		voidReason: order.status === 'cancelled' ? `Order ${order.number} was cancelled` : null,
		issuedOn: dayOf(issued),
		dueOn: dayOf(due),
		paidOn: isPaid ? dayOf(due - 2 * DAY_MS) : null,
		paidMinor: isPaid ? order.totalMinor : 0,
		sentAt: order.createdAt,
		currency: order.currency,
		taxRateBp: order.taxRateBp,
		subtotalMinor: order.subtotalMinor,
		taxMinor: order.taxMinor,
		totalMinor: order.totalMinor,
		note: ''
	};
	const copied = lines.map(({ id: _id, orderId: _orderId, position, quantity = 1, ...line }) => ({
		...line,
		id: ids.uuid(),
		invoiceId: id,
		position: position + 1,
		quantity
	}));
	return { row, copied };
}

export function messages({ dice, now }: Build, cast: Cast, order: DemoOrder): DemoMessage[] {
	if (!dice.chance(45)) return [];
	const [asked, answered] = dice.pick(TALK);
	const at = (days: number) =>
		new Date(Math.min(order.createdAt.getTime() + days * DAY_MS, now - HOUR_MS / days));
	return [
		{
			order,
			body: asked,
			by: { madeByContactId: dice.pick(cast.contacts).id, madeByStaffId: null },
			at: at(1)
		},
		{ order, body: answered, by: { madeByContactId: null, madeByStaffId: dice.pick(cast.staff) }, at: at(2) }
	];
}
