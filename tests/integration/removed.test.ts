import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { invoiceInput } from '#server/usecases/billing/invoice-input.ts';
import { purgeLeftovers } from '#server/usecases/retention/purge-leftovers.ts';
import { billingWorld, type BillingWorld } from '#support/billing-world.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
let world: BillingWorld;
let admin: StaffActor;

const FORM = invoiceInput.parse({
	currency: 'EUR',
	taxRate: '19',
	dueOn: '2099-12-31',
	note: 'With thanks',
	'description-0': 'Design',
	'quantity-0': '3',
	'price-0': '33.35',
	'description-1': 'Fonts',
	'quantity-1': '1',
	'price-1': '0.01'
});
const clientId = () => world.both.north.clients.assigned.clientId;
const draft = () => world.billing.create(admin, { ...FORM, clientId: clientId() }, NO_ORIGIN);
async function paid(): Promise<{ id: string; paymentId: string }> {
	const id = await draft();
	await world.billing.send(admin, { id }, NO_ORIGIN);
	const paymentId = await pay(id, '100');
	return { id, paymentId };
}
const pay = (id: string, amount: string) =>
	world.billing.recordPayment(
		admin,
		{ id, amount, paidOn: '2026-01-05', method: 'transfer', reference: 'RF18' },
		NO_ORIGIN
	);
const actionsOn = async (id: string): Promise<unknown[]> =>
	(
		await database.sql`SELECT action FROM action WHERE subject_id = ${id} AND outcome = 'done' ORDER BY seq`
	).map((row) => row['action']);

beforeAll(async () => {
	database = await createTestDatabase();
	world = await billingWorld(database.db);
	admin = await world.staff('north', 'admin');
});

describe('a deleted draft', () => {
	it('comes back as it was, line by line, in a row of its own, and once', async () => {
		const id = await draft();
		const before = await world.billing.readForStaff(admin, id);
		await world.billing.remove(admin, { id }, NO_ORIGIN);
		await expect(world.billing.readForStaff(admin, id)).rejects.toMatchObject({ code: 'not_found' });
		await world.billing.restore(admin, { id }, NO_ORIGIN);
		expect(await world.billing.readForStaff(admin, id)).toEqual(before);
		expect(await actionsOn(id)).toEqual(['invoice.created', 'invoice.deleted', 'invoice.restored']);
		await expect(world.billing.restore(admin, { id }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		// It is a draft like any other again.
		await world.billing.send(admin, { id }, NO_ORIGIN);
	});

	it('is nobody’s of another agency, and stays away without the permission', async () => {
		const id = await draft();
		await world.billing.remove(admin, { id }, NO_ORIGIN);
		const southern = await world.staff('south', 'admin');
		await expect(world.billing.restore(southern, { id }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		await expect(
			world.billing.restore(await world.staff('north', 'manager'), { id }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await actionsOn(id)).not.toContain('invoice.restored');
	});

	it('does not come back to a client that was archived since', async () => {
		const id = await draft();
		await world.billing.remove(admin, { id }, NO_ORIGIN);
		await database.owner`UPDATE client SET status = 'archived' WHERE id = ${clientId()}`;
		await expect(world.billing.restore(admin, { id }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		await database.owner`UPDATE client SET status = 'active' WHERE id = ${clientId()}`;
		await world.billing.restore(admin, { id }, NO_ORIGIN);
	});
});

describe('a removed payment', () => {
	it('is put back, and what is due follows each time', async () => {
		const { id, paymentId } = await paid();
		const before = await world.billing.readForStaff(admin, id);
		await world.billing.removePayment(admin, { id, paymentId }, NO_ORIGIN);
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({ paidMinor: 0, payments: [] });
		await world.billing.restorePayment(admin, { id, paymentId }, NO_ORIGIN);
		expect(await world.billing.readForStaff(admin, id)).toEqual(before);
		expect((await actionsOn(id)).slice(-2)).toEqual(['payment.removed', 'payment.restored']);
		await expect(world.billing.restorePayment(admin, { id, paymentId }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('stays away when less is due by now, or the invoice is void', async () => {
		const { id, paymentId } = await paid();
		await world.billing.removePayment(admin, { id, paymentId }, NO_ORIGIN);
		await pay(id, '50');
		await expect(world.billing.restorePayment(admin, { id, paymentId }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		const other = await paid();
		await world.billing.removePayment(admin, other, NO_ORIGIN);
		await world.billing.void(admin, { id: other.id, reason: 'Wrong' }, NO_ORIGIN);
		await expect(world.billing.restorePayment(admin, other, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(await world.billing.readForStaff(admin, id)).toMatchObject({ paidMinor: 5_000 });
	});

	it('goes to no other invoice, and comes at nobody’s call of another agency', async () => {
		const { id, paymentId } = await paid();
		const other = await paid();
		await world.billing.removePayment(admin, { id, paymentId }, NO_ORIGIN);
		await expect(
			world.billing.restorePayment(admin, { id: other.id, paymentId }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_found' });
		await expect(
			world.billing.restorePayment(await world.staff('south', 'admin'), { id, paymentId }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_found' });
	});
});

describe('what has served its time', () => {
	const verification = (side: 'staff' | 'contact', minutes: number) => database.owner`
		INSERT INTO ${database.owner(`${side}_verification`)} (id, identifier, value, expires_at)
		VALUES (${randomUUID()}, ${`reset:${minutes}`}, 'x', now() + make_interval(mins => ${minutes}))`;
	const counted = (side: 'staff' | 'contact', hours: number) => database.owner`
		INSERT INTO ${database.owner(`${side}_rate_limit`)} (id, key, count, last_request)
		VALUES (${randomUUID()}, ${`account:${hours}`}, 9, (extract(epoch FROM now()) * 1000)::bigint - ${hours * 3_600_000}::bigint)`;
	const session = (userId: string, daysAgo: number) => database.owner`
		INSERT INTO staff_session (id, user_id, token, expires_at, updated_at) VALUES (${randomUUID()}, ${userId},
			${randomUUID()}, now() - make_interval(days => ${daysAgo}), now() - make_interval(days => ${daysAgo}))`;
	const list = async (table: string, column: string) =>
		(
			await database.owner`SELECT ${database.owner(column)} AS v FROM ${database.owner(table)} ORDER BY 1`
		).map((row) => row['v'] as unknown);

	it('is let go by the clock, and nothing else', async () => {
		for (const side of ['staff', 'contact'] as const) {
			await Promise.all([verification(side, -1), verification(side, 5), counted(side, 25), counted(side, 1)]);
		}
		const { assignee } = world.both.north.staff;
		await Promise.all([session(assignee, 20), session(assignee, 10), session(assignee, 8)]);
		const id = await draft();
		await world.billing.remove(admin, { id }, NO_ORIGIN);
		const old = await draft();
		await world.billing.remove(admin, { id: old }, NO_ORIGIN);
		await database.owner`UPDATE removed_record SET removed_at = now() - interval '31 days' WHERE id = ${old}`;

		const purge = purgeLeftovers({ db: database.db });
		expect(await purge()).toBe(7);
		expect(await purge()).toBe(0);
		for (const side of ['staff', 'contact']) {
			expect(await list(`${side}_verification`, 'identifier')).toEqual(['reset:5']);
			expect(await list(`${side}_rate_limit`, 'key')).toEqual(['account:1']);
		}
		// The last session says when somebody was last here.
		const [left] =
			await database.owner`SELECT count(*)::int AS n FROM staff_session WHERE user_id = ${assignee}`;
		expect(left).toEqual({ n: 1 });
		await world.billing.restore(admin, { id }, NO_ORIGIN);
		await expect(world.billing.restore(admin, { id: old }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
	});
});
