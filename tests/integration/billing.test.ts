import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { invoiceInput } from '#server/usecases/billing/invoice-input.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { billingWorld, type BillingWorld } from '#support/billing-world.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
let world: BillingWorld;
let admin: StaffActor;
const LIST = { status: 'all', q: '', sort: '-issued', page: 1 } as const;
const FAR = '2099-12-31';

const owner = () => world.as('north', world.both.north.clients.assigned);
const clientId = () => world.both.north.clients.assigned.clientId;
const form = (more: Record<string, string> = {}) =>
	invoiceInput.parse({
		currency: 'EUR',
		taxRate: '19',
		dueOn: FAR,
		'description-0': 'Design',
		'quantity-0': '3',
		'price-0': '33.35',
		...more
	});
const draft = () => world.billing.create(admin, { ...form(), clientId: clientId() }, NO_ORIGIN);
async function sent() {
	const id = await draft();
	await world.billing.send(admin, { id }, NO_ORIGIN);
	return id;
}
const pay = (id: string, amount: string, paidOn = '2026-01-05') =>
	world.billing.recordPayment(
		admin,
		{ id, amount, paidOn, method: 'transfer', reference: 'RF18' },
		NO_ORIGIN
	);
const actionsOn = async (id: string): Promise<string[]> => {
	const rows =
		await database.sql`SELECT action FROM action WHERE subject_id = ${id} AND outcome = 'done' ORDER BY seq`;
	return rows.map((row) => row['action'] as string);
};

beforeAll(async () => {
	database = await createTestDatabase();
	world = await billingWorld(database.db);
	admin = await world.staff('north', 'admin');
});

describe('an invoice’s life', () => {
	it('is a draft without number that no client sees, until it is sent', async () => {
		const id = await draft();
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({
			number: null,
			status: 'draft',
			subtotalMinor: 10_005,
			taxMinor: 1_901,
			totalMinor: 11_906
		});
		await expect(world.billing.read(owner(), id)).rejects.toMatchObject({ code: 'not_found' });
		const before = await world.billing.list(owner(), LIST);
		await world.billing.edit(admin, { ...form({ 'price-0': '10' }), id }, NO_ORIGIN);
		const number = await world.billing.send(admin, { id }, NO_ORIGIN);
		expect(number).toMatch(/^INV-\d{5}$/);
		expect(await world.billing.read(owner(), id)).toMatchObject({
			number,
			status: 'open',
			totalMinor: 3_570
		});
		expect((await world.billing.list(owner(), LIST)).total).toBe(before.total + 1);
		expect(await actionsOn(id)).toEqual(['invoice.created', 'invoice.edited', 'invoice.sent']);
	});

	it('numbers without holes, also when sending fails and when drafts are thrown away', async () => {
		const numberOf = async () =>
			Number((await world.billing.send(admin, { id: await draft() }, NO_ORIGIN)).slice(4));
		const first = await numberOf();
		const late = await world.billing.create(
			admin,
			{ ...form({ dueOn: '2020-01-01' }), clientId: clientId() },
			NO_ORIGIN
		);
		await expect(world.billing.send(admin, { id: late }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		await world.billing.remove(admin, { id: late }, NO_ORIGIN);
		const many = await Promise.all(Array.from({ length: 6 }, numberOf));
		expect(many.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6].map((n) => first + n));
	});

	it('takes part payments until nothing is due, and never more', async () => {
		const id = await sent();
		await pay(id, '100');
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({ status: 'open', dueMinor: 1_906 });
		await expect(pay(id, '19.07')).rejects.toMatchObject({
			code: 'invalid',
			message: expect.stringContaining('€19.06')
		});
		await expect(pay(id, '1,000')).rejects.toMatchObject({ code: 'invalid', details: { field: 'amount' } });
		await expect(pay(id, '1', '2099-01-01')).rejects.toMatchObject({ details: { field: 'paidOn' } });
		await pay(id, '19.06', '2026-01-09');
		const paid = await world.billing.read(owner(), id);
		expect(paid).toMatchObject({ status: 'paid', paidOn: '2026-01-09', paidMinor: 11_906 });
		expect(paid.payments?.map((one) => one.amountMinor)).toEqual([10_000, 1_906]);
		expect(JSON.stringify(paid.payments)).not.toContain('North admin');
		await expect(pay(id, '1')).rejects.toMatchObject({ code: 'conflict' });
		await world.billing.removePayment(admin, { id, paymentId: paid.payments![1]!.id }, NO_ORIGIN);
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({
			status: 'open',
			dueMinor: 1_906,
			paidOn: null
		});
	});

	it('books two payments at once only as far as money is due', async () => {
		const id = await sent();
		const tries = await Promise.allSettled(Array.from({ length: 5 }, () => pay(id, '60')));
		expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({ paidMinor: 6_000 });
	});

	it('is void with a reason that the client reads, but not once money came in', async () => {
		const id = await sent();
		await pay(id, '1');
		await expect(world.billing.void(admin, { id, reason: 'Wrong' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		const other = await sent();
		await world.billing.void(admin, { id: other, reason: 'Sent twice' }, NO_ORIGIN);
		expect(await world.billing.read(owner(), other)).toMatchObject({
			status: 'void',
			voidReason: 'Sent twice'
		});
		await expect(pay(other, '1')).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is paid as soon as it is open when it is of nothing', async () => {
		const id = await world.billing.create(
			admin,
			{ ...form({ 'price-0': '0' }), clientId: clientId() },
			NO_ORIGIN
		);
		await world.billing.send(admin, { id }, NO_ORIGIN);
		expect(await world.billing.read(owner(), id)).toMatchObject({ status: 'paid', totalMinor: 0 });
	});
});

describe('“I have paid”', () => {
	it('is said once, and answered by a payment', async () => {
		const id = await sent();
		await world.billing.claimPaid(owner(), { id, reference: 'Transfer of Monday' }, NO_ORIGIN);
		await expect(world.billing.claimPaid(owner(), { id, reference: '' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		expect((await world.billing.read(owner(), id)).claim).toMatchObject({
			reference: 'Transfer of Monday',
			maker: { contact: 'Owner of North Assigned', staff: null }
		});
		const claimed = await world.billing.listForStaff(admin, invoiceFilters.parse({ status: 'claimed' }));
		expect(claimed.rows.map((row) => row.id)).toEqual([id]);
		expect(claimed.claimed).toBe(1);
		await pay(id, '119.06');
		expect(await world.billing.read(owner(), id)).toMatchObject({ status: 'paid', claim: null });
	});

	it('is taken back with an answer that the client reads, and may be said again', async () => {
		const id = await sent();
		await world.billing.claimPaid(owner(), { id, reference: '' }, NO_ORIGIN);
		await world.billing.rejectClaim(admin, { id, answer: 'Nothing arrived until today.' }, NO_ORIGIN);
		expect(await world.billing.read(owner(), id)).toMatchObject({
			claim: null,
			claimAnswer: 'Nothing arrived until today.'
		});
		await world.billing.claimPaid(owner(), { id, reference: 'Now really' }, NO_ORIGIN);
		expect(await world.billing.read(owner(), id)).toMatchObject({ claimAnswer: null });
		await expect(
			world.billing.rejectClaim(admin, { id: await sent(), answer: 'x' }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('taking back that it was paid', () => {
	const withdraw = (id: string, actor = owner()) => world.billing.withdrawClaim(actor, { id }, NO_ORIGIN);
	const lastAction = async () =>
		(
			await database.sql`SELECT action, outcome, refusal, subject_id FROM action ORDER BY seq DESC LIMIT 1`
		)[0];

	it('leaves the invoice as it was before, an earlier answer included, in a row of its own', async () => {
		const id = await sent();
		await world.billing.claimPaid(owner(), { id, reference: '' }, NO_ORIGIN);
		await world.billing.rejectClaim(admin, { id, answer: 'Nothing arrived.' }, NO_ORIGIN);
		const before = await world.billing.read(owner(), id);
		await world.billing.claimPaid(owner(), { id, reference: 'By mistake' }, NO_ORIGIN);
		await withdraw(id);
		expect(await world.billing.read(owner(), id)).toEqual(before);
		expect(await lastAction()).toMatchObject({
			action: 'invoice.claim_withdrawn',
			outcome: 'done',
			subject_id: id
		});
		const claimed = await world.billing.listForStaff(admin, invoiceFilters.parse({ status: 'claimed' }));
		expect(claimed.rows.map((row) => row.id)).not.toContain(id);
		await expect(withdraw(id)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is too late once a payment was recorded', async () => {
		const id = await sent();
		await world.billing.claimPaid(owner(), { id, reference: '' }, NO_ORIGIN);
		await pay(id, '10');
		await expect(withdraw(id)).rejects.toMatchObject({ code: 'conflict' });
		await pay(id, '109.06');
		await expect(withdraw(id)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is for contacts of this client who may say it, and nobody else', async () => {
		const id = await sent();
		await world.billing.claimPaid(owner(), { id, reference: '' }, NO_ORIGIN);
		const { assigned, unassigned } = world.both.north.clients;
		const others = [world.as('north', unassigned), world.as('south', world.both.south.clients.assigned)];
		for (const other of others)
			await expect(withdraw(id, other)).rejects.toMatchObject({ code: 'not_found' });
		await expect(withdraw(id, world.as('north', assigned, assigned.contact))).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect((await world.billing.read(owner(), id)).claim).not.toBeNull();
	});
});

describe('lists', () => {
	it('add up what is open, overdue and paid this year, and search by number', async () => {
		const { unassigned } = world.both.north.clients;
		const actor = world.as('north', unassigned);
		const year = new Date().getUTCFullYear();
		const create = async (price: string) => {
			const id = await world.billing.create(
				admin,
				{ ...form({ taxRate: '0', 'quantity-0': '1', 'price-0': price }), clientId: unassigned.clientId },
				NO_ORIGIN
			);
			await world.billing.send(admin, { id }, NO_ORIGIN);
			return id;
		};
		const [late, paid] = [await create('50'), await create('70')];
		await database.owner`UPDATE invoice SET due_on = '2020-01-01' WHERE id = ${late}`;
		await pay(paid, '20', `${year}-01-01`);
		const list = await world.billing.list(actor, LIST);
		// The seeded invoice of 120.00 is open too.
		expect(list.sums).toEqual([
			{
				currency: 'EUR',
				openMinor: 5_000 + 5_000 + 12_000,
				openCount: 3,
				overdueMinor: expect.any(Number),
				overdueCount: expect.any(Number),
				paidMinor: 2_000
			}
		]);
		const overdue = await world.billing.list(actor, { ...LIST, status: 'overdue', sort: 'due' });
		expect(overdue.rows[0]?.id).toBe(late);
		const { number } = await world.billing.read(actor, paid);
		expect(
			(await world.billing.list(actor, { ...LIST, q: number!.toLowerCase() })).rows.map((r) => r.id)
		).toEqual([paid]);
		expect((await world.billing.list(actor, { ...LIST, q: '%' })).total).toBe(0);
		expect(list.months?.months).toHaveLength(12);
		expect(list.months?.months.at(-1)?.totalMinor).toBeGreaterThanOrEqual(12_000);
	});

	it('show staff all clients, or one, sorted and without another agency’s', async () => {
		const all = await world.billing.listForStaff(admin, invoiceFilters.parse({ sort: 'total' }));
		expect(all.rows.map((row) => row.totalMinor)).toEqual(
			all.rows.map((row) => row.totalMinor).toSorted((a, b) => a - b)
		);
		const one = await world.billing.listForStaff(admin, invoiceFilters.parse({ client: clientId() }));
		expect(new Set(one.rows.map((row) => row.client.id))).toEqual(new Set([clientId()]));
		const south = world.both.south.clients.assigned;
		await expect(
			world.billing.listForStaff(admin, invoiceFilters.parse({ client: south.clientId }))
		).rejects.toMatchObject({ code: 'not_found' });
		const found = await world.billing.listForStaff(admin, invoiceFilters.parse({ q: 'South' }));
		expect(found.total).toBe(0);
	});
});
