import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { impersonate, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { ordersWorld, type OrdersWorld } from '#support/orders-world.ts';

let world: OrdersWorld;
let service: string;
const bea = () => world.as(world.both.north.clients.assigned);
const place = async (options = {}) =>
	world.orders.place(bea(), await world.choose(bea(), service, options), NO_ORIGIN);

beforeAll(async () => {
	world = await ordersWorld();
	service = await world.publish();
});
afterAll(() => world.close());

describe('placing', () => {
	it('makes order, first step, default tasks and open invoice in one action, with names and prices as they were', async () => {
		const id = await place({ quantity: 2, addOns: 1 });
		const order = await world.orders.read(bea(), id);
		expect(order).toMatchObject({
			number: 'ORD-00001',
			status: 'pending',
			serviceName: 'Website care',
			packageName: 'Basic',
			sums: { subtotalMinor: 21_999, taxMinor: 4_180, totalMinor: 26_179, currency: 'EUR', taxRateBp: 1900 },
			intake: [{ label: 'Address of your site', kind: 'link', value: 'https://bluebird.test' }],
			steps: [{ status: 'pending', maker: { contact: 'Owner of North Assigned', staff: null } }],
			lines: [
				{
					description: 'Website care, Basic',
					quantity: 2,
					amount: { unitMinor: 10_000, amountMinor: 20_000 }
				},
				{ description: 'Report', quantity: 1, amount: { amountMinor: 1_999 } }
			],
			// The internal one is the agency's own business.
			tasks: [{ title: 'Send us access', status: 'open' }],
			invoices: [{ status: 'open', totalMinor: 26_179, number: expect.stringMatching(/^INV-/) }],
			subscriptions: []
		});
		expect(order.tasks![0]!.dueOn).toMatch(/^\d{4}-\d\d-\d\d$/);
		const staffView = await world.orders.readForStaff(world.admin, id);
		expect(staffView.tasks!.map((task) => task.title)).toEqual(['Send us access', 'Set up monitoring']);
		const rows = await world.database.sql`SELECT action FROM action WHERE subject_id = ${id}`;
		expect(rows.map((row) => row['action'])).toEqual(['order.placed']);
	});

	it('begins a subscription for a package that comes again, its first period invoiced once', async () => {
		const order = await world.orders.read(bea(), await place({ pick: 'Monthly' }));
		expect(order.subscriptions).toMatchObject([{ name: 'Website care, Monthly', status: 'active' }]);
		const [row] = await world.database
			.sql`SELECT s.periods, s.anchor_on::text AS anchor, v.period_from::text AS from,
			s.next_renewal_on > current_date + 27 AS later FROM subscription s JOIN invoice v ON v.subscription_id = s.id
			WHERE s.order_id = ${order.id}`;
		expect(row).toMatchObject({ periods: 1, later: true });
		expect(row!['from']).toBe(row!['anchor']);
	});

	it('keeps what was ordered when the service changes afterwards', async () => {
		const own = await world.publish({ name: 'Logo' });
		const id = await world.orders.place(bea(), await world.choose(bea(), own), NO_ORIGIN);
		const { version, draft } = await world.services.readDraft(world.admin, own);
		const { inputOf } = await import('#support/orders-world.ts');
		const changed = { ...draft, name: 'New name', packages: [{ ...draft.packages[1]!, price: '999' }] };
		await world.services.edit(world.admin, { id: own, version, input: inputOf(changed) }, NO_ORIGIN);
		const order = await world.orders.read(bea(), id);
		expect(order).toMatchObject({
			serviceName: 'Logo',
			packageName: 'Basic',
			sums: { subtotalMinor: 10_000 }
		});
	});

	it('refuses a price that changed between form and post, says the new total, and makes nothing', async () => {
		const own = await world.publish({ name: 'Moving price' });
		const input = await world.choose(bea(), own);
		await world.database.owner`UPDATE service_package SET price_minor = 20000 WHERE id = ${input.packageId}`;
		await expect(world.orders.place(bea(), input, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('€238.00'),
			details: { priceChanged: true }
		});
		const [made] = await world.database
			.sql`SELECT count(*)::int AS n FROM client_order WHERE service_id = ${own}`;
		expect(made!['n']).toBe(0);
	});

	it('gives its numbers back when it fails, so that none is missing', async () => {
		const before = (await world.orders.list(bea(), orderFilters.parse({}))).total;
		await expect(
			world.orders.place(bea(), { ...(await world.choose(bea(), service)), answers: [] }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'invalid' });
		const order = await world.orders.read(bea(), await place());
		expect(Number(order.number.slice(4))).toBe(before + 1);
	});

	it('stands under both names while impersonating', async () => {
		const { clients, staff, agencyId } = world.both.north;
		const { clientId, owner: contactId } = clients.assigned;
		const who = { agencyId, staffId: staff.manager, clientId, contactId, mode: 'act' as const };
		const { actor, impersonationId } = await impersonate(world.database.db, who, world.kit);
		const input = await world.choose(bea(), service);
		const id = await world.orders.place(actor, JSON.parse(JSON.stringify(input)), NO_ORIGIN);
		await world.kit.end(actor, { impersonationId, reason: 'switch_back' });
		expect((await world.orders.read(bea(), id)).maker).toEqual({
			contact: 'Owner of North Assigned',
			staff: 'North manager'
		});
		expect(await world.lastAction()).toMatchObject({ action: 'impersonation.ended' });
	});

	it('is done by staff for a client, under that client', async () => {
		const { assigned } = world.both.north.clients;
		const input = { ...(await world.choose(bea(), service)), clientId: assigned.clientId };
		const id = await world.orders.place(world.admin, input, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({ action: 'order.placed', client_id: assigned.clientId });
		expect((await world.orders.read(bea(), id)).maker).toEqual({ contact: null, staff: 'North superAdmin' });
	});
});

describe('its life', () => {
	it('moves one step at a time with a note the client reads, and back', async () => {
		const id = await place();
		const move = (to: 'in_progress' | 'delivered' | 'pending', note = '') =>
			world.orders.move(world.admin, { orderId: id, to, note }, NO_ORIGIN);
		await move('in_progress', 'We have begun.');
		await expect(move('in_progress')).rejects.toMatchObject({ code: 'conflict' });
		await move('delivered');
		await move('in_progress', 'One page was missing.');
		const { status, steps } = await world.orders.read(bea(), id);
		expect(status).toBe('in_progress');
		expect(steps.map((step) => [step.status, step.note])).toEqual([
			['pending', ''],
			['in_progress', 'We have begun.'],
			['delivered', ''],
			['in_progress', 'One page was missing.']
		]);
	});

	it('ends its invoice, subscription and open tasks when it is cancelled while pending', async () => {
		const id = await place({ pick: 'Monthly' });
		await world.orders.cancel(bea(), { orderId: id, reason: 'Ordered by mistake' }, NO_ORIGIN);
		expect(await world.orders.read(bea(), id)).toMatchObject({
			status: 'cancelled',
			cancelReason: 'Ordered by mistake',
			invoices: [{ status: 'void' }],
			subscriptions: [{ status: 'cancelled', nextRenewalOn: null }],
			tasks: []
		});
		expect(await world.lastAction()).toMatchObject({ action: 'order.cancelled', outcome: 'done' });
	});

	it('is not cancelled by a contact once a payment was made or announced; staff keep the paid invoice', async () => {
		const id = await place();
		await world.database.owner`UPDATE invoice SET paid_minor = 100 WHERE order_id = ${id}`;
		const cancel = { orderId: id, reason: 'No more' };
		await expect(world.orders.cancel(bea(), cancel, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
		await world.orders.cancel(world.admin, cancel, NO_ORIGIN);
		expect((await world.orders.read(bea(), id)).invoices).toMatchObject([{ status: 'open' }]);
	});

	it('has one conversation, written from both sides', async () => {
		const id = await place();
		await world.orders.message(bea(), { orderId: id, body: 'When do you begin?' }, NO_ORIGIN);
		await world.orders.message(world.admin, { orderId: id, body: 'On Monday.' }, NO_ORIGIN);
		const { messages } = await world.orders.read(bea(), id);
		expect(messages!.map((one) => [one.body, one.maker.contact, one.maker.staff])).toEqual([
			['When do you begin?', 'Owner of North Assigned', null],
			['On Monday.', null, 'North superAdmin']
		]);
		const threads = await world.database.sql`SELECT subject FROM thread WHERE order_id = ${id}`;
		expect(threads).toHaveLength(1);
	});
});

describe('its long parts', () => {
	it('begin with the newest, and none is cut off for good', async () => {
		const id = await place();
		await world.orders.message(bea(), { orderId: id, body: 'Message 0' }, NO_ORIGIN);
		await world.database.owner`
			INSERT INTO message (id, agency_id, client_id, thread_id, body, made_by_contact_id, created_at)
			SELECT gen_random_uuid(), m.agency_id, m.client_id, m.thread_id, 'Message ' || n, m.made_by_contact_id,
				m.created_at + make_interval(secs => n)
			FROM message m JOIN thread h ON h.id = m.thread_id AND h.order_id = ${id}, generate_series(1, 60) n`;
		const bodies = async (messages: number) => {
			const read = await world.orders.read(bea(), id, { messages });
			return [read.messages!.at(0)?.body, read.messages!.at(-1)?.body, read.earlier.messages];
		};
		expect(await bodies(1)).toEqual(['Message 11', 'Message 60', true]);
		expect(await bodies(2)).toEqual(['Message 0', 'Message 10', false]);
		expect((await world.orders.readForStaff(world.admin, id, { messages: 2 })).messages).toHaveLength(11);
		expect((await world.orders.read(bea(), id)).earlier).toMatchObject({ steps: false, files: false });
	});
});

describe('cancelling by mistake', () => {
	const cancel = (orderId: string, actor: Parameters<OrdersWorld['orders']['cancel']>[0] = bea()) =>
		world.orders.cancel(actor, { orderId, reason: 'Oops' }, NO_ORIGIN);
	const restore = (orderId: string, actor: Parameters<OrdersWorld['orders']['restore']>[0] = bea()) =>
		world.orders.restore(actor, { orderId }, NO_ORIGIN);
	const enter = () => {
		const { clients, staff, agencyId } = world.both.north;
		const { clientId, owner: contactId } = clients.assigned;
		const who = { agencyId, staffId: staff.manager, clientId, contactId, mode: 'act' as const };
		return impersonate(world.database.db, who, world.kit);
	};

	it('is taken back whole: invoice, subscription and tasks stand as before, in a row and a step of its own', async () => {
		const id = await place({ pick: 'Monthly' });
		const { restorableUntil, steps, ...before } = await world.orders.read(bea(), id);
		const subscription = async () =>
			(await world.database.sql`SELECT * FROM subscription WHERE order_id = ${id}`)[0]!;
		const { updated_at: _then, ...was } = await subscription();
		expect(restorableUntil).toBeNull();
		await cancel(id);
		expect((await world.orders.read(bea(), id)).restorableUntil).toBeGreaterThan(Date.now());
		await restore(id);
		expect(await world.lastAction()).toMatchObject({ action: 'order.restored', subject_id: id });
		const { steps: after, ...now } = await world.orders.read(bea(), id);
		expect(now).toEqual({ ...before, restorableUntil: null });
		expect(after.map(({ status }) => status)).toEqual(['pending', 'cancelled', 'pending']);
		expect(after).toHaveLength(steps.length + 2);
		const { updated_at: _later, ...is } = await subscription();
		expect(is).toEqual(was);
		await expect(restore(id)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is too late after a while, and once somebody decided on what had ended', async () => {
		const [late, half] = [await place(), await place()];
		await cancel(late);
		await cancel(half);
		await world.database.owner`UPDATE invoice SET order_id = NULL WHERE order_id = ${half}`;
		await expect(restore(half)).rejects.toMatchObject({ code: 'conflict' });
		expect((await world.orders.read(bea(), half)).status).toBe('cancelled');
		await world.database.owner.begin(async (sql) => {
			await sql`SET LOCAL session_replication_role = replica`;
			await sql`UPDATE action SET at = at - interval '16 minutes' WHERE subject_id = ${late}`;
		});
		expect((await world.orders.read(bea(), late)).restorableUntil).toBeNull();
		await expect(restore(late)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('of the agency’s own side is not the client’s to take back, but staff’s, whole', async () => {
		const id = await place({ pick: 'Monthly' });
		const { restorableUntil, steps: _first, ...before } = await world.orders.readForStaff(world.admin, id);
		expect(restorableUntil).toBeNull();
		await cancel(id, world.admin);
		await expect(restore(id)).rejects.toMatchObject({ code: 'conflict' });
		expect((await world.orders.read(bea(), id)).restorableUntil).toBeNull();
		expect((await world.orders.readForStaff(world.admin, id)).restorableUntil).toBeGreaterThan(Date.now());
		await restore(id, world.admin);
		expect(await world.lastAction()).toMatchObject({
			action: 'order.restored',
			subject_id: id,
			client_id: before.client.id,
			outcome: 'done'
		});
		const { steps: after, ...now } = await world.orders.readForStaff(world.admin, id);
		expect(now).toEqual({ ...before, restorableUntil: null });
		expect(after.map(({ status }) => status)).toEqual(['pending', 'cancelled', 'pending']);
		expect(after.at(-1)?.maker.staff).toBe('North superAdmin');
		await expect(restore(id, world.admin)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('of a client’s is not staff’s to take back, nor another agency’s, nor anybody’s without the permission', async () => {
		const [theirs, own] = [await place(), await place()];
		await cancel(theirs);
		expect((await world.orders.readForStaff(world.admin, theirs)).restorableUntil).toBeNull();
		await expect(restore(theirs, world.admin)).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('Place the order anew for the client.')
		});
		await cancel(own, world.admin);
		const { database, both } = world;
		const of = (side: 'north' | 'south', who: 'superAdmin' | 'supervisor') =>
			signInStaff(database.db, both[side].agencyId, both[side].staff[who]);
		await expect(restore(own, await of('south', 'superAdmin'))).rejects.toMatchObject({ code: 'not_found' });
		await expect(restore(own, await of('north', 'supervisor'))).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await world.lastAction()).toMatchObject({ action: 'order.restored', outcome: 'refused' });
		expect((await world.orders.readForStaff(world.admin, own)).status).toBe('cancelled');
	});

	it('while impersonating is taken back only where it was done, and never by those without the right', async () => {
		const [own, theirs] = [await place(), await place()];
		await cancel(theirs);
		const { actor, impersonationId } = await enter();
		await cancel(own, actor);
		await restore(own, actor);
		await expect(restore(theirs, actor)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await world.lastAction()).toMatchObject({ action: 'order.restored', outcome: 'refused' });
		await world.kit.end(actor, { impersonationId, reason: 'switch_back' });
		const { assigned, unassigned } = world.both.north.clients;
		await expect(restore(theirs, world.as(assigned, assigned.contact))).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await expect(restore(theirs, world.as(unassigned))).rejects.toMatchObject({ code: 'not_found' });
		await restore(theirs);
	});
});

describe('the list', () => {
	it('filters, searches and sorts, and counts each status', async () => {
		const own = world.as(world.both.north.clients.unassigned);
		const a = await world.orders.place(own, await world.choose(own, service), NO_ORIGIN);
		await world.orders.place(own, await world.choose(own, service, { quantity: 5 }), NO_ORIGIN);
		await world.orders.move(world.admin, { orderId: a, to: 'in_progress', note: '' }, NO_ORIGIN);
		const list = (query: Record<string, string>) => world.orders.list(own, orderFilters.parse(query));
		expect((await list({})).counts).toMatchObject({ pending: 1, in_progress: 1, completed: 0 });
		expect((await list({ status: 'in_progress' })).rows.map((row) => row.id)).toEqual([a]);
		expect((await list({ status: 'open' })).total).toBe(2);
		expect((await list({ sort: 'total' })).rows[0]!.id).toBe(a);
		expect((await list({ q: '%' })).total).toBe(0);
		expect((await list({ q: 'CARE' })).total).toBe(2);
		expect((await list({ sort: 'drop table', status: 'x', page: '-1' })).total).toBe(2);
	});

	it('shows staff all clients, and one where it is asked for', async () => {
		const all = await world.orders.listAll(world.admin, orderFilters.parse({}));
		const { clientId } = world.both.north.clients.unassigned;
		const one = await world.orders.listAll(world.admin, orderFilters.parse({ client: clientId }));
		expect(all.total).toBeGreaterThan(one.total);
		expect(one).toMatchObject({ total: 2, client: 'North Unassigned' });
		const named = await world.orders.listAll(world.admin, orderFilters.parse({ q: 'unassigned' }));
		expect(named.total).toBe(2);
		expect(
			(await world.orders.listAll(world.southAdmin, orderFilters.parse({ client: clientId }))).total
		).toBe(0);
	});
});
