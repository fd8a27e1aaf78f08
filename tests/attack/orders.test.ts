import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor, PortalActor } from '#domain/actor.ts';
import type { OrderId } from '#domain/ids.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { orderForm, orderInput, type OrderInput } from '#server/usecases/orders/order-input.ts';
import { stageFile } from '#server/usecases/files/stage-file.ts';
import { impersonate, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { inputOf, ordersWorld, serviceDraft, type OrdersWorld } from '#support/orders-world.ts';
import { withoutIds } from '#support/without-ids.ts';

let world: OrdersWorld;
let service: string;
let order: OrderId;
const bea = (): ClientActor => world.as(world.both.north.clients.assigned);
const neighbour = (): ClientActor => world.as(world.both.north.clients.unassigned);
const stranger = (): ClientActor =>
	world.as(world.both.south.clients.assigned, world.both.south.clients.assigned.owner, world.both.south);
const place = (actor: PortalActor, input: unknown) =>
	world.orders.place(actor, input as OrderInput, NO_ORIGIN);
const placed = async () => {
	const [row] = await world.database.sql`SELECT count(*)::int AS n FROM client_order`;
	return row!['n'] as number;
};
/** Refused, and nothing was made of it. */
async function refused(actor: PortalActor, input: unknown, code: string): Promise<void> {
	const before = await placed();
	await expect(place(actor, input)).rejects.toMatchObject({ code });
	expect(await placed()).toBe(before);
}

beforeAll(async () => {
	world = await ordersWorld();
	service = await world.publish();
	order = await place(bea(), await world.choose(bea(), service));
});
afterAll(() => world.close());

describe('ids of others', () => {
	it('open no order of another client or agency, by any verb', async () => {
		for (const actor of [neighbour(), stranger()]) {
			const staged = await stageFile({ ids: testIds, blobs: world.blobs })(
				actor,
				'a.txt',
				Readable.from(['x'])
			);
			const verbs = [
				() => world.orders.read(actor, order),
				() => world.orders.cancel(actor, { orderId: order, reason: 'mine now' }, NO_ORIGIN),
				() => world.orders.message(actor, { orderId: order, body: 'hello' }, NO_ORIGIN),
				() => world.orders.addFile(actor, staged, order, NO_ORIGIN)
			];
			for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: 'not_found' });
			expect((await world.orders.list(actor, orderFilters.parse({}))).total).toBe(0);
		}
		for (const odd of ['', "' OR 1=1", '../1', order.toUpperCase()])
			await expect(world.orders.read(bea(), odd)).rejects.toMatchObject({ code: 'not_found' });
	});

	it('open no order of another agency to its staff', async () => {
		const { southAdmin } = world;
		for (const verb of [
			() => world.orders.readForStaff(southAdmin, order),
			() => world.orders.move(southAdmin, { orderId: order, to: 'in_progress', note: '' }, NO_ORIGIN),
			() => world.orders.cancel(southAdmin, { orderId: order, reason: 'mine' }, NO_ORIGIN),
			() => world.orders.message(southAdmin, { orderId: order, body: 'hello' }, NO_ORIGIN),
			() => world.orders.listOrderable(southAdmin, bea().clientId),
			() => world.orders.listOfClient(southAdmin, bea().clientId, orderFilters.parse({}))
		])
			await expect(verb()).rejects.toMatchObject({ code: 'not_found' });
	});

	it('order nothing of another agency, and nothing for another agency’s client', async () => {
		const input = await world.choose(bea(), service);
		await refused(stranger(), input, 'not_found');
		const { clientId } = world.both.north.clients.assigned;
		await expect(
			world.orders.place(world.southAdmin, { ...input, clientId }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_found' });
	});

	it('cannot be put into an input to order under somebody else’s account', async () => {
		const input = await world.choose(bea(), service);
		const id = await place(bea(), {
			...input,
			clientId: neighbour().clientId,
			agencyId: stranger().agencyId
		});
		const [row] = await world.database.sql`SELECT client_id FROM client_order WHERE id = ${id}`;
		expect(row!['client_id']).toBe(bea().clientId);
	});
});

describe('what is not on offer', () => {
	it('a service for chosen clients is ordered by nobody else', async () => {
		const chosen = await world.publish({ name: 'For one', visibleTo: 'chosen' });
		const showing = { serviceId: chosen, clientId: bea().clientId, shown: true };
		await world.services.showTo(world.admin, showing, NO_ORIGIN);
		const input = await world.choose(bea(), chosen);
		await refused(neighbour(), input, 'not_found');
		await world.services.showTo(world.admin, { ...showing, shown: false }, NO_ORIGIN);
		await refused(bea(), input, 'not_found');
	});

	it('a draft, an archived service, an archived package and another service’s parts are refused', async () => {
		const own = await world.publish({ name: 'Short-lived' });
		const input = await world.choose(bea(), own, { addOns: 1 });
		const other = await world.choose(bea(), service, { addOns: 1 });
		await refused(bea(), { ...input, packageId: other.packageId }, 'conflict');
		await refused(bea(), { ...input, addOns: other.addOns }, 'conflict');
		await world.database.owner`UPDATE service_package SET archived_at = now() WHERE id = ${input.packageId}`;
		await refused(bea(), input, 'conflict');
		await world.services.archive(world.admin, own, NO_ORIGIN);
		await refused(bea(), input, 'not_found');
		const draft = await world.services.create(
			world.admin,
			inputOf(serviceDraft({ name: 'Draft' })),
			NO_ORIGIN
		);
		await refused(bea(), { ...input, serviceId: draft }, 'not_found');
	});
});

describe('numbers and answers', () => {
	it('a quantity below one, above the most, or no number at all is refused', async () => {
		const input = await world.choose(bea(), service);
		for (const quantity of [0, -1, 6, 1e9, 1.5, Number.NaN]) {
			expect(orderInput.safeParse({ ...input, quantity }).success && quantity !== 6).toBe(false);
			await refused(bea(), { ...input, quantity }, 'invalid');
		}
		const { addOns } = await world.choose(bea(), service, { addOns: 1 });
		await refused(bea(), { ...input, addOns: [{ ...addOns[0], quantity: -3 }] }, 'invalid');
		await refused(bea(), { ...input, addOns: [...addOns, ...addOns] }, 'invalid');
	});

	it('a forged total buys nothing cheaper, and none at all is no way around it', async () => {
		const input = await world.choose(bea(), service);
		await refused(bea(), { ...input, expectedTotalMinor: 1 }, 'conflict');
		await refused(bea(), { ...input, expectedTotalMinor: null }, 'invalid');
		const id = await place(bea(), { ...input, unitMinor: 1, totalMinor: 1, lines: [] });
		expect((await world.orders.read(bea(), id)).sums).toMatchObject({ totalMinor: 11_900 });
	});

	it('answers with unknown keys, wrong kinds, active addresses or a megabyte of text are refused', async () => {
		const input = await world.choose(bea(), service);
		const key = input.answers[0]!.key;
		const hostile = [
			[],
			[{ key, value: 'javascript:alert(1)' }],
			[{ key, value: ['https://a.test', 'https://b.test'] }],
			[...input.answers, { key: 'extra', value: 'x' }],
			[...input.answers, { key: '__proto__', value: 'x' }],
			[{ key, value: `https://a.test/${'x'.repeat(1_000_000)}` }]
		];
		for (const answers of hostile) await refused(bea(), { ...input, answers }, 'invalid');
		expect(orderInput.safeParse({ ...input, answers: hostile[5] }).success).toBe(false);
	});

	it('fields of a form that mean nothing, or too much, never reach the use case', () => {
		const fields = { service, package: testIds.uuid(), quantity: '1', total: '11900', key: testIds.uuid() };
		expect(orderForm.safeParse(fields).success).toBe(true);
		for (const wrong of [
			{ quantity: '-1' },
			{ quantity: '99999999999' },
			{ quantity: '1e3' },
			{ package: 'x' },
			{ key: '' },
			{ 'addon.x': '1' },
			{ total: '-5' }
		])
			expect(orderForm.safeParse({ ...fields, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
		const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`answer.q${n}`, 'x']));
		expect(orderForm.safeParse({ ...fields, ...many }).success).toBe(false);
	});
});

describe('time', () => {
	it('one form sent ten times at once is one order, one invoice and one row in the log', async () => {
		const input = await world.choose(bea(), service);
		const before = await placed();
		const ids = await Promise.all(Array.from({ length: 10 }, () => place(bea(), input)));
		expect(new Set(ids).size).toBe(1);
		expect(await placed()).toBe(before + 1);
		const [made] = await world.database.sql`SELECT
			(SELECT count(*)::int FROM invoice WHERE order_id = ${ids[0]!}) AS invoices,
			(SELECT count(*)::int FROM action WHERE action = 'order.placed' AND subject_id = ${ids[0]!}) AS actions`;
		expect(made).toMatchObject({ invoices: 1, actions: 1 });
	});

	it('the key of another client’s form gives nothing away', async () => {
		const input = await world.choose(bea(), service);
		const first = await place(bea(), input);
		const theirs = await world.choose(neighbour(), service);
		const second = await place(neighbour(), { ...theirs, key: input.key });
		expect(second).not.toBe(first);
	});

	it('an order that was begun is not cancelled by its client, nor twice, nor moved once cancelled', async () => {
		const id = await place(bea(), await world.choose(bea(), service));
		await world.orders.move(world.admin, { orderId: id, to: 'in_progress', note: '' }, NO_ORIGIN);
		const cancel = { orderId: id, reason: 'Too late' };
		await expect(world.orders.cancel(bea(), cancel, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
		await world.orders.cancel(world.admin, cancel, NO_ORIGIN);
		await expect(world.orders.cancel(world.admin, cancel, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		await expect(
			world.orders.move(world.admin, { orderId: id, to: 'in_progress', note: '' }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
	});

	it('a cancel and a begin at once leave one of the two', async () => {
		const id = await place(bea(), await world.choose(bea(), service));
		const results = await Promise.allSettled([
			world.orders.cancel(bea(), { orderId: id, reason: 'No' }, NO_ORIGIN),
			world.orders.move(world.admin, { orderId: id, to: 'in_progress', note: '' }, NO_ORIGIN)
		]);
		expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
	});
});

describe('rights', () => {
	it('a contact without the right sees and orders nothing; one without billing sees no amount anywhere', async () => {
		const { assigned } = world.both.north.clients;
		const ben = world.as(assigned, assigned.contact);
		await expect(world.orders.list(ben, orderFilters.parse({}))).rejects.toMatchObject({ code: 'not_found' });
		await refused(ben, await world.choose(bea(), service), 'not_allowed');
		await world.database.owner`UPDATE contact SET rights = '{orders}' WHERE id = ${assigned.contact}`;
		const shown = await world.orders.read(ben, order);
		expect(shown).toMatchObject({ sums: null, invoices: null, subscriptions: null });
		expect(shown.lines.every((line) => line.amount === null)).toBe(true);
		const list = await world.orders.list(ben, orderFilters.parse({ sort: 'total' }));
		expect(list.rows.every((row) => row.totalMinor === null)).toBe(true);
		expect(withoutIds([shown, list])).not.toMatch(/11900|10000/);
	});

	it('a hidden element refuses its action and takes its part away', async () => {
		const { unassigned } = world.both.north.clients;
		const id = await place(neighbour(), await world.choose(neighbour(), service));
		const input = await world.choose(neighbour(), service);
		const hide = (key: string) => world.setUp(unassigned, { [key]: { hidden: true } });
		await hide('orders.place');
		await refused(neighbour(), input, 'not_allowed');
		await hide('services');
		await refused(neighbour(), input, 'not_found');
		await hide('orders.cancel');
		await expect(
			world.orders.cancel(neighbour(), { orderId: id, reason: 'No' }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_allowed' });
		await hide('orders.messages');
		expect((await world.orders.read(neighbour(), id)).messages).toBeNull();
		await expect(
			world.orders.message(neighbour(), { orderId: id, body: 'Hello' }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_allowed' });
		expect((await world.orders.read(neighbour(), id)).tasks![0]!.dueOn).not.toBeNull();
		await hide('tasks.due_date');
		expect((await world.orders.read(neighbour(), id)).tasks).toMatchObject([
			{ title: 'Send us access', dueOn: null }
		]);
		await hide('orders.files');
		expect((await world.orders.read(neighbour(), id)).files).toBeNull();
		await hide('orders');
		await expect(world.orders.read(neighbour(), id)).rejects.toMatchObject({ code: 'not_found' });
		await hide('services.prices');
		const blind = await world.choose(neighbour(), service);
		expect(blind.expectedTotalMinor).toBeNull();
		expect(await place(neighbour(), blind)).toBeTruthy();
		await world.setUp(unassigned, {});
	});

	it('view mode refuses every change, and logs it under the client with the real actor', async () => {
		const { clients, staff, agencyId } = world.both.north;
		const { clientId, owner: contactId } = clients.assigned;
		const who = { agencyId, staffId: staff.manager, clientId, contactId, mode: 'view' as const };
		const { actor, impersonationId } = await impersonate(world.database.db, who, world.kit);
		await refused(actor, await world.choose(bea(), service), 'view_only');
		expect(await world.lastAction()).toMatchObject({
			action: 'order.placed',
			outcome: 'refused',
			refusal: 'view_only',
			client_id: clientId,
			actor_staff_id: staff.manager
		});
		for (const verb of [
			() => world.orders.cancel(actor, { orderId: order, reason: 'No' }, NO_ORIGIN),
			() => world.orders.message(actor, { orderId: order, body: 'Hello' }, NO_ORIGIN)
		])
			await expect(verb()).rejects.toMatchObject({ code: 'view_only' });
		// What is seen is what the contact sees.
		expect(await world.orders.read(actor, order)).toEqual(await world.orders.read(bea(), order));
		await world.kit.end(actor, { impersonationId, reason: 'switch_back' });
	});

	it('staff without orders.manage work on none, whatever they type', async () => {
		const { signInStaff } = await import('#support/impersonate.ts');
		const { agencyId, staff } = world.both.north;
		const assignee = await signInStaff(world.database.db, agencyId, staff.assignee);
		const input = { ...(await world.choose(bea(), service)), clientId: bea().clientId };
		for (const verb of [
			() => world.orders.readForStaff(assignee, order),
			() => world.orders.listAll(assignee, orderFilters.parse({})),
			() => world.orders.move(assignee, { orderId: order, to: 'in_progress', note: '' }, NO_ORIGIN),
			() => world.orders.place(assignee, input, NO_ORIGIN)
		])
			await expect(verb()).rejects.toMatchObject({ code: 'not_allowed' });
	});
});

it('keeps hostile text of a service and an order as the text it is', async () => {
	const script = '<script>alert(1)</script>';
	const own = await world.publish({
		name: script,
		questions: [{ ...serviceDraft().questions[0]!, label: script, kind: 'long_text' }]
	});
	const id = await place(bea(), await world.choose(bea(), own));
	await world.orders.message(bea(), { orderId: id, body: script }, NO_ORIGIN);
	const read = await world.orders.read(bea(), id);
	expect([read.serviceName, read.intake[0]!.label, read.messages![0]!.body]).toEqual([
		script,
		script,
		script
	]);
});
