import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { SubscriptionId } from '#domain/ids.ts';
import { addDays } from '#domain/renewal.ts';
import { pinPrice, shownPlanInput } from '#server/usecases/subscriptions/change-plan.ts';
import { billingWorld, type BillingWorld } from '#support/billing-world.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
let world: BillingWorld;
let admin: StaffActor;
let today: string;

const owner = () => world.as('north', world.both.north.clients.assigned);
const clientId = () => world.both.north.clients.assigned.clientId;
const read = (id: SubscriptionId) => world.subscriptions.read(owner(), id);
const renew = () => world.subscriptions.renewDue();
const periodsOf = async (id: SubscriptionId): Promise<string[]> => {
	const rows =
		await database.sql`SELECT period_from::text AS day FROM invoice WHERE subscription_id = ${id} ORDER BY 1`;
	return rows.map((row) => row['day'] as string);
};

beforeAll(async () => {
	database = await createTestDatabase();
	world = await billingWorld(database.db);
	admin = await world.staff('north', 'admin');
	today = (await database.sql`SELECT current_date::text AS day`)[0]!['day'] as string;
});
beforeEach(async () => {
	await database.owner`UPDATE subscription SET status = 'cancelled', next_renewal_on = NULL`;
	world.time.now = Date.parse(`${today}T09:00:00Z`);
});

describe('renewals', () => {
	it('make the invoice of a due period with its action in one go, and none before the day', async () => {
		world.time.now = Date.parse('2026-02-27T23:59:59Z');
		const id = await world.subscribe(clientId(), '2026-01-31');
		expect(await renew()).toEqual({ renewed: 0, ended: 0, failed: 0 });
		world.time.now = Date.parse('2026-02-28T00:00:00Z');
		expect(await renew()).toEqual({ renewed: 1, ended: 0, failed: 0 });
		expect(await renew()).toEqual({ renewed: 0, ended: 0, failed: 0 });
		expect(await periodsOf(id)).toEqual(['2026-02-28']);
		const detail = await read(id);
		expect(detail).toMatchObject({ nextRenewalOn: '2026-03-31', paidUntil: '2026-03-30' });
		expect(detail.invoices).toMatchObject([
			{ issuedOn: '2026-02-28', dueOn: '2026-03-14', totalMinor: 11_900 }
		]);
		expect(detail.history[0]).toMatchObject({ title: 'Renewed subscription', maker: null });
		const invoice = await world.billing.read(owner(), detail.invoices![0]!.id);
		expect(invoice.lines[0]?.description).toBe('Care, Basic: 28 Feb 2026 to 30 Mar 2026');
	});

	it('catch up period by period after downtime, without skipping one', async () => {
		world.time.now = Date.parse('2026-06-02T12:00:00Z');
		const id = await world.subscribe(clientId(), '2026-01-31');
		expect((await renew()).renewed).toBe(4);
		expect(await periodsOf(id)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
		expect((await read(id)).nextRenewalOn).toBe('2026-06-30');
	});

	it('double nothing when many workers run at once', async () => {
		world.time.now = Date.parse('2026-04-10T12:00:00Z');
		const ids = await Promise.all(
			Array.from({ length: 20 }, () => world.subscribe(clientId(), '2026-01-05'))
		);
		const runs = await Promise.all(Array.from({ length: 4 }, renew));
		expect(runs.reduce((sum, run) => sum + run.renewed, 0)).toBe(60);
		expect(runs.every((run) => run.failed === 0)).toBe(true);
		for (const id of ids) expect(await periodsOf(id)).toEqual(['2026-02-05', '2026-03-05', '2026-04-05']);
	});

	it('lose and double nothing when a worker dies between a change and its commit', async () => {
		world.time.now = Date.parse('2026-04-10T12:00:00Z');
		const ids = await Promise.all(
			Array.from({ length: 12 }, () => world.subscribe(clientId(), '2026-03-05'))
		);
		const running = renew();
		// Its connections are cut as a killed process' are: whatever was open is rolled back by the database.
		const cut = () => database.owner`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE '%subscription%'`;
		// It may not have begun yet.
		await expect.poll(async () => (await cut()).length, { interval: 1 }).toBeGreaterThan(0);
		await running.catch(() => undefined);
		// As the next run of the job does, once the pool has seen that its connections are gone.
		await vi.waitFor(async () => expect((await renew()).failed).toBe(0), { timeout: 20_000 });
		for (const id of ids) {
			expect(await periodsOf(id)).toEqual(['2026-04-05']);
			expect((await read(id)).history.filter((one) => one.action === 'subscription.renewed')).toHaveLength(1);
		}
	});

	it('pass by one that cannot be renewed, and say so, and invoice the others', async () => {
		world.time.now = Date.parse('2026-04-10T12:00:00Z');
		const broken = await world.subscribe(clientId(), '2026-03-01');
		const sound = await world.subscribe(clientId(), '2026-03-05');
		await database.owner`UPDATE subscription SET price_minor = 100000000001 WHERE id = ${broken}`;
		expect(await renew()).toEqual({ renewed: 1, ended: 0, failed: 1 });
		expect(world.logged.at(-1)).toMatchObject({
			event: 'subscription.renewal_failed',
			subscriptionId: broken
		});
		expect(await periodsOf(sound)).toEqual(['2026-04-05']);
		await database.owner`UPDATE subscription SET price_minor = 5000 WHERE id = ${broken}`;
		expect((await renew()).renewed).toBe(1);
	});

	it('end instead of billing once the client is archived', async () => {
		const { unassigned } = world.both.north.clients;
		const id = await world.subscribe(unassigned.clientId, addDays(today, -40));
		await database.owner`UPDATE client SET status = 'archived' WHERE id = ${unassigned.clientId}`;
		expect(await renew()).toEqual({ renewed: 0, ended: 1, failed: 0 });
		expect(await periodsOf(id)).toEqual([]);
		await database.owner`UPDATE client SET status = 'active' WHERE id = ${unassigned.clientId}`;
		expect(await renew()).toEqual({ renewed: 0, ended: 0, failed: 0 });
	});
});

it('of many years is read whole: its invoices a page at a time', async () => {
	const id = await world.subscribe(clientId(), today);
	const { agencyId } = world.both.north;
	await database.owner`
		INSERT INTO invoice (id, agency_id, client_id, subscription_id, number, status, issued_on, due_on, currency,
			tax_rate_bp, subtotal_minor, tax_minor, total_minor, period_from)
		SELECT gen_random_uuid(), ${agencyId}, ${clientId()}, ${id}, 'OLD-' || n, 'open', date '2000-01-01' + n,
			date '2000-02-01' + n, 'EUR', 0, 100, 0, 100, date '2000-01-01' + n FROM generate_series(1, 60) n`;
	const read = async (invoices: number) => {
		const { earlier, invoices: rows } = await world.subscriptions.read(owner(), id, { invoices });
		return [rows!.length, rows![0]?.number, earlier.invoices];
	};
	expect(await read(1)).toEqual([50, 'OLD-60', true]);
	expect(await read(2)).toEqual([10, 'OLD-10', false]);
	expect((await world.subscriptions.readForStaff(admin, id, { invoices: 2 })).invoices).toHaveLength(10);
	await database.owner`DELETE FROM invoice WHERE number LIKE 'OLD-%'`;
});

describe('changing the plan', () => {
	it('takes effect at the next renewal, with the new price and rhythm', async () => {
		world.time.now = Date.parse('2026-03-15T12:00:00Z');
		const id = await world.subscribe(clientId(), '2026-03-20');
		const { plus, yearly, basic } = world.plans.north;
		await world.subscriptions.changePlan(owner(), { id, packageId: plus }, NO_ORIGIN);
		expect(await read(id)).toMatchObject({
			name: 'Care, Basic',
			nextPlan: { name: 'Plus', priceMinor: 25_000 }
		});
		await expect(
			world.subscriptions.changePlan(owner(), { id, packageId: plus }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
		await world.subscriptions.changePlan(owner(), { id, packageId: basic }, NO_ORIGIN);
		expect(await read(id)).toMatchObject({ nextPlan: null });
		await world.subscriptions.changePlan(owner(), { id, packageId: yearly }, NO_ORIGIN);
		world.time.now = Date.parse('2026-04-20T12:00:00Z');
		await renew();
		const after = await read(id);
		expect(after).toMatchObject({
			name: 'Care, Yearly',
			billing: 'year',
			nextRenewalOn: '2027-04-20',
			nextPlan: null
		});
		expect(after.invoices?.[0]).toMatchObject({ totalMinor: 119_000 });
	});

	it('charges what the plan cost when it was chosen, and approves no other price than was prepared', async () => {
		world.time.now = Date.parse('2026-03-15T12:00:00Z');
		const id = await world.subscribe(clientId(), '2026-03-20');
		const { plus } = world.plans.north;
		const price = (minor: number) =>
			database.owner`UPDATE service_package SET price_minor = ${minor} WHERE id = ${plus}`;
		const prepared = await pinPrice(database.db, owner(), { id, packageId: plus });
		expect(prepared.expectedPriceMinor).toBe(25_000);
		await price(90_000);
		await expect(world.subscriptions.changePlan(owner(), prepared, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		await price(25_000);
		await world.subscriptions.changePlan(owner(), prepared, NO_ORIGIN);
		await price(90_000);
		expect(await read(id)).toMatchObject({ nextPlan: { name: 'Plus', priceMinor: 25_000 } });
		world.time.now = Date.parse('2026-04-20T12:00:00Z');
		await renew();
		const after = await read(id);
		expect(after).toMatchObject({ name: 'Care, Plus', priceMinor: 25_000, nextPlan: null });
		expect(after.invoices?.[0]).toMatchObject({ totalMinor: 29_750 });
		await price(25_000);
	});

	it('refuses a price that moved since the form showed it, and says the new one to whoever sees prices', async () => {
		const id = await world.subscribe(clientId(), today);
		const { plus } = world.plans.north;
		const post = (expectedPriceMinor?: string) =>
			world.subscriptions.changePlan(
				owner(),
				{ id, ...shownPlanInput.parse({ packageId: plus, expectedPriceMinor }) } as never,
				NO_ORIGIN
			);
		const hide = (setup: object) =>
			database.owner`UPDATE client SET portal_setup = ${database.owner.json(setup as never)} WHERE id = ${clientId()}`;
		for (const stale of ['19900', 'free', '-1'])
			await expect(post(stale)).rejects.toMatchObject({
				code: 'conflict',
				message: expect.stringContaining('It is €250.00 a month now')
			});
		await hide({ 'services.prices': { hidden: true } });
		await expect(post('19900')).rejects.toMatchObject({ message: expect.not.stringContaining('250') });
		expect(await read(id)).toMatchObject({ nextPlan: null });
		await post();
		await hide({});
		expect(await read(id)).toMatchObject({ nextPlan: { priceMinor: 25_000 } });
	});

	it('offers only recurring plans of its own service that are still sold', async () => {
		const id = await world.subscribe(clientId(), today);
		const { basic, plus, yearly } = world.plans.north;
		expect((await read(id)).plans.map((plan) => plan.id)).toEqual([basic, plus, yearly]);
		for (const packageId of [world.plans.south.plus, 'x', "' OR 1=1"])
			await expect(
				world.subscriptions.changePlan(owner(), { id, packageId }, NO_ORIGIN)
			).rejects.toMatchObject({ code: 'not_found' });
		await database.owner`UPDATE service SET status = 'archived' WHERE id = ${world.plans.north.serviceId}`;
		expect((await read(id)).plans).toEqual([]);
		expect((await world.subscriptions.readForStaff(admin, id)).plans).toHaveLength(3);
		await database.owner`UPDATE service SET status = 'published' WHERE id = ${world.plans.north.serviceId}`;
	});
});

describe('pausing', () => {
	it('stops renewals, and resuming with paid time left changes nothing', async () => {
		const id = await world.subscribe(clientId(), addDays(today, -3));
		const { nextRenewalOn } = await read(id);
		await world.subscriptions.pause(owner(), { id }, NO_ORIGIN);
		world.time.now = Date.parse('2099-01-01T00:00:00Z');
		expect((await renew()).renewed).toBe(0);
		await world.subscriptions.resume(owner(), { id }, NO_ORIGIN);
		expect(await read(id)).toMatchObject({ status: 'active', nextRenewalOn });
	});

	it('charges nothing for time that passed: a new period begins on the day of resuming', async () => {
		const id = await world.subscribe(clientId(), addDays(today, -200));
		await world.subscriptions.pause(owner(), { id }, NO_ORIGIN);
		await world.subscriptions.resume(owner(), { id }, NO_ORIGIN);
		expect((await renew()).renewed).toBe(1);
		expect(await periodsOf(id)).toEqual([today]);
		for (const attempt of [world.subscriptions.resume, world.subscriptions.keep])
			await expect(attempt(owner(), { id }, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('cancelling', () => {
	it('lets paid time run out, then ends, and can be taken back until then', async () => {
		const id = await world.subscribe(clientId(), addDays(today, -3));
		const { nextRenewalOn } = await read(id);
		await world.subscriptions.cancel(owner(), { id, reason: 'Too dear' }, NO_ORIGIN);
		expect(await read(id)).toMatchObject({ status: 'ending', cancelReason: 'Too dear', nextRenewalOn });
		await world.subscriptions.keep(owner(), { id }, NO_ORIGIN);
		expect(await read(id)).toMatchObject({ status: 'active', cancelReason: null });
		await world.subscriptions.cancel(owner(), { id, reason: 'Really' }, NO_ORIGIN);
		world.time.now = Date.parse(`${nextRenewalOn}T00:00:00Z`);
		expect(await renew()).toEqual({ renewed: 0, ended: 1, failed: 0 });
		expect(await read(id)).toMatchObject({ status: 'cancelled', nextRenewalOn: null });
		expect(await periodsOf(id)).toEqual([]);
		world.time.now = Date.parse('2099-01-01T00:00:00Z');
		expect(await renew()).toEqual({ renewed: 0, ended: 0, failed: 0 });
		await expect(world.subscriptions.resume(owner(), { id }, NO_ORIGIN)).rejects.toMatchObject({
			message: expect.stringContaining('has ended')
		});
	});

	it('ends at once where nothing is paid ahead, and keeps a pause that was there before', async () => {
		const unpaid = await world.subscribe(clientId(), addDays(today, 5), 0);
		await world.subscriptions.cancel(owner(), { id: unpaid, reason: 'Changed our mind' }, NO_ORIGIN);
		expect(await read(unpaid)).toMatchObject({ status: 'cancelled' });
		const paused = await world.subscribe(clientId(), addDays(today, -3));
		await world.subscriptions.pause(owner(), { id: paused }, NO_ORIGIN);
		await world.subscriptions.cancel(owner(), { id: paused, reason: 'No need' }, NO_ORIGIN);
		await world.subscriptions.keep(owner(), { id: paused }, NO_ORIGIN);
		expect(await read(paused)).toMatchObject({ status: 'paused' });
	});
});

describe('staff', () => {
	it('begin one that the job invoices from its first day on', async () => {
		const input = { clientId: clientId(), packageId: world.plans.north.plus, startOn: today };
		const id = await world.subscriptions.create(admin, input, NO_ORIGIN);
		expect(await read(id)).toMatchObject({ name: 'Care, Plus', nextRenewalOn: today, paidUntil: null });
		expect((await renew()).renewed).toBe(1);
		expect(await periodsOf(id)).toEqual([today]);
		for (const wrong of [
			{ ...input, startOn: addDays(today, -1) },
			{ ...input, packageId: world.plans.south.basic }
		])
			await expect(world.subscriptions.create(admin, wrong, NO_ORIGIN)).rejects.toMatchObject({
				code: 'invalid'
			});
	});

	it('pause, resume and cancel for a client, under its account', async () => {
		const id = await world.subscribe(clientId(), today);
		await world.subscriptions.pause(admin, { id }, NO_ORIGIN);
		await world.subscriptions.resume(admin, { id }, NO_ORIGIN);
		await world.subscriptions.cancel(admin, { id, reason: 'Asked by phone' }, NO_ORIGIN);
		const rows =
			await database.sql`SELECT action, client_id FROM action WHERE subject_id = ${id} ORDER BY seq`;
		expect(rows.map((row) => row['action'])).toEqual([
			'subscription.paused',
			'subscription.resumed',
			'subscription.cancelled'
		]);
		expect(new Set(rows.map((row) => row['client_id']))).toEqual(new Set([clientId()]));
		expect((await read(id)).history[0]).toMatchObject({ maker: { contact: null, staff: 'North admin' } });
	});
});
