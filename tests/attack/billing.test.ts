// Billing as somebody would try it who is not meant to: other clients' and agencies' rows, hidden parts, changes of what
// was sent, and races for the same money.
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor, PortalActor, StaffActor } from '#domain/actor.ts';
import type { InvoiceId, SubscriptionId } from '#domain/ids.ts';
import { composePortal } from '#server/compose/portal.ts';
import { claimInput } from '#server/usecases/billing/claim-paid.ts';
import { invoiceInput } from '#server/usecases/billing/invoice-input.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { subscriptionFilters } from '#server/usecases/subscriptions/agency-subscriptions.ts';
import { billingWorld, type BillingWorld } from '#support/billing-world.ts';
import { impersonate, NO_ORIGIN } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
let world: BillingWorld;
let admin: StaffActor;
let southAdmin: StaffActor;
let assignee: StaffActor;
let owner: ClientActor;
let invoiceId: InvoiceId;
let draftId: InvoiceId;
let subscriptionId: SubscriptionId;

const LIST = { status: 'all', q: '', sort: '-issued', page: 1 } as const;
const SUBSCRIPTIONS = { status: 'all', q: '', sort: '-created', page: 1 } as const;
const form = () =>
	invoiceInput.parse({
		currency: 'EUR',
		taxRate: '0',
		dueOn: '2099-01-01',
		'description-0': 'Work',
		'price-0': '100'
	});
const payment = (amount: string) =>
	({ amount, paidOn: '2026-01-05', method: 'transfer', reference: '' }) as const;
const codeOf = async (attempt: Promise<unknown>): Promise<string> =>
	attempt.then(
		() => 'done',
		(error: { code?: string }) => error.code ?? 'fault'
	);
const lastAction = async () =>
	(
		await database.sql`SELECT action, outcome, refusal, actor_staff_id FROM action ORDER BY seq DESC LIMIT 1`
	)[0];

async function newInvoice(): Promise<InvoiceId> {
	const { clientId } = world.both.north.clients.assigned;
	const id = await world.billing.create(admin, { ...form(), clientId }, NO_ORIGIN);
	await world.billing.send(admin, { id }, NO_ORIGIN);
	return id;
}

/** Inside as this contact of the assigned client; any impersonation before is over. */
async function inside(mode: 'act' | 'view', contactId = world.both.north.clients.assigned.owner) {
	const { agencyId, staff, clients } = world.both.north;
	await database.owner`UPDATE impersonation SET state = 'ended' WHERE state <> 'ended'`;
	const { clientId } = clients.assigned;
	return impersonate(database.db, { agencyId, staffId: staff.manager, clientId, contactId, mode }, world.kit);
}
const setUp = (setup: object) =>
	database.owner`UPDATE client SET portal_setup = ${database.owner.json(setup as never)}
		WHERE id = ${world.both.north.clients.assigned.clientId}`;

beforeAll(async () => {
	database = await createTestDatabase();
	world = await billingWorld(database.db);
	const { clients } = world.both.north;
	admin = await world.staff('north', 'admin');
	southAdmin = await world.staff('south', 'admin');
	assignee = await world.staff('north', 'assignee');
	owner = world.as('north', clients.assigned);
	draftId = await world.billing.create(admin, { ...form(), clientId: clients.assigned.clientId }, NO_ORIGIN);
	subscriptionId = await world.subscribe(clients.assigned.clientId, '2099-01-01');
});
beforeEach(async () => {
	await setUp({});
	invoiceId = await newInvoice();
});

/** Everything a portal offers on an invoice and a subscription, by id. */
const portalAttempts = (actor: PortalActor, invoice: string, subscription: string) => ({
	read: () => world.billing.read(actor, invoice),
	claim: () => world.billing.claimPaid(actor, { id: invoice, reference: '' }, NO_ORIGIN),
	pdf: () => world.billing.download(actor, { id: invoice }, NO_ORIGIN),
	readSubscription: () => world.subscriptions.read(actor, subscription),
	change: () =>
		world.subscriptions.changePlan(actor, { id: subscription, packageId: world.plans.north.plus }, NO_ORIGIN),
	pause: () => world.subscriptions.pause(actor, { id: subscription }, NO_ORIGIN),
	resume: () => world.subscriptions.resume(actor, { id: subscription }, NO_ORIGIN),
	cancel: () => world.subscriptions.cancel(actor, { id: subscription, reason: 'x' }, NO_ORIGIN),
	keep: () => world.subscriptions.keep(actor, { id: subscription }, NO_ORIGIN)
});
async function answers(attempts: Record<string, () => Promise<unknown>>): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for (const [name, attempt] of Object.entries(attempts)) found[name] = await codeOf(attempt());
	return found;
}
const all = (attempts: Record<string, unknown>, code: string) =>
	Object.fromEntries(Object.keys(attempts).map((name) => [name, code]));

describe('somebody else’s', () => {
	it('are not there for another client, another agency, or an id that is none', async () => {
		const others = [
			world.as('north', world.both.north.clients.unassigned),
			world.as('south', world.both.south.clients.assigned)
		];
		for (const actor of others) {
			const attempts = portalAttempts(actor, invoiceId, subscriptionId);
			expect(await answers(attempts)).toEqual(all(attempts, 'not_found'));
		}
		for (const id of [randomUUID(), "' OR 1=1 --", '../x', '']) {
			const attempts = portalAttempts(owner, id, id);
			expect(await answers(attempts)).toEqual(all(attempts, 'not_found'));
		}
	});

	it('are not there for the staff of another agency, who find none by searching either', async () => {
		const { billing, subscriptions } = world;
		const id = invoiceId;
		const clientId = world.both.north.clients.assigned.clientId;
		const attempts = {
			read: () => billing.readForStaff(southAdmin, id),
			edit: () => billing.edit(southAdmin, { ...form(), id: draftId }, NO_ORIGIN),
			send: () => billing.send(southAdmin, { id: draftId }, NO_ORIGIN),
			remove: () => billing.remove(southAdmin, { id: draftId }, NO_ORIGIN),
			void: () => billing.void(southAdmin, { id, reason: 'x' }, NO_ORIGIN),
			pay: () => billing.recordPayment(southAdmin, { id, ...payment('1') }, NO_ORIGIN),
			reject: () => billing.rejectClaim(southAdmin, { id, answer: 'x' }, NO_ORIGIN),
			pdf: () => billing.download(southAdmin, { id }, NO_ORIGIN),
			create: () => billing.create(southAdmin, { ...form(), clientId }, NO_ORIGIN),
			start: () => billing.readStart(southAdmin, clientId),
			list: () => billing.listForStaff(southAdmin, invoiceFilters.parse({ client: clientId })),
			readSubscription: () => subscriptions.readForStaff(southAdmin, subscriptionId),
			pause: () => subscriptions.pause(southAdmin, { id: subscriptionId }, NO_ORIGIN),
			subscribe: () =>
				subscriptions.create(
					southAdmin,
					{ clientId, packageId: world.plans.south.basic, startOn: '2099-01-01' },
					NO_ORIGIN
				)
		};
		expect(await answers(attempts)).toEqual(all(attempts, 'not_found'));
		expect((await billing.findBillable(southAdmin, 'North')).length).toBe(0);
		const seen = await subscriptions.listForStaff(southAdmin, subscriptionFilters.parse({ status: 'all' }));
		expect(seen.total).toBe(0);
	});

	it('removes no payment of another invoice under this one’s id', async () => {
		const other = await newInvoice();
		const paymentId = await world.billing.recordPayment(admin, { id: other, ...payment('5') }, NO_ORIGIN);
		expect(await codeOf(world.billing.removePayment(admin, { id: invoiceId, paymentId }, NO_ORIGIN))).toBe(
			'not_found'
		);
		expect(await world.billing.readForStaff(admin, other)).toMatchObject({ paidMinor: 500 });
	});
});

describe('without the right', () => {
	it('a contact sees no page, no PDF, no sums and no counts', async () => {
		const ben = { ...owner, contactId: world.both.north.clients.assigned.contact };
		const attempts = portalAttempts(ben, invoiceId, subscriptionId);
		const found = await answers(attempts);
		for (const [name, code] of Object.entries(found))
			expect(['not_found', 'not_allowed'], name).toContain(code);
		expect(await codeOf(world.billing.list(ben, LIST))).toBe('not_found');
		expect(await codeOf(world.subscriptions.list(ben, SUBSCRIPTIONS))).toBe('not_found');
		const home = await composePortal(world.parts).readHome(ben);
		expect(JSON.stringify(home)).not.toContain('INV-');
	});

	it('an assignee reads and changes nothing of the money, and the attempt is logged', async () => {
		const { billing } = world;
		const id = invoiceId;
		for (const attempt of [
			() => billing.recordPayment(assignee, { id, ...payment('1') }, NO_ORIGIN),
			() => billing.void(assignee, { id, reason: 'x' }, NO_ORIGIN),
			() => billing.send(assignee, { id: draftId }, NO_ORIGIN),
			() => world.subscriptions.cancel(assignee, { id: subscriptionId, reason: 'x' }, NO_ORIGIN)
		])
			expect(await codeOf(attempt())).toBe('not_allowed');
		expect(await lastAction()).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' });
		expect(await codeOf(billing.findBillable(assignee, ''))).toBe('not_allowed');
	});

	it('hidden parts answer as if they were not there, and hidden sections are not in the answer', async () => {
		await world.billing.recordPayment(admin, { id: invoiceId, ...payment('5') }, NO_ORIGIN);
		await setUp({
			'invoices.pdf': { hidden: true },
			'invoices.claim': { hidden: true },
			'invoices.payments': { hidden: true },
			subscriptions: { hidden: true }
		});
		expect(await answers(portalAttempts(owner, invoiceId, subscriptionId))).toMatchObject({
			read: 'done',
			claim: 'not_allowed',
			pdf: 'not_allowed',
			readSubscription: 'not_found',
			pause: 'not_allowed'
		});
		expect((await world.billing.read(owner, invoiceId)).payments).toBeNull();
		await setUp({ invoices: { hidden: true }, 'services.prices': { hidden: true } });
		const detail = await world.subscriptions.read(owner, subscriptionId);
		expect(detail.invoices).toBeNull();
		expect(detail.plans.map((plan) => plan.priceMinor)).toEqual([null, null, null]);
	});
});

describe('what was sent', () => {
	it('is never rewritten, sent again or deleted', async () => {
		const { billing } = world;
		const before = await billing.readForStaff(admin, invoiceId);
		for (const attempt of [
			() => billing.edit(admin, { ...form(), id: invoiceId }, NO_ORIGIN),
			() => billing.send(admin, { id: invoiceId }, NO_ORIGIN),
			() => billing.remove(admin, { id: invoiceId }, NO_ORIGIN)
		])
			expect(await codeOf(attempt())).toBe('conflict');
		expect(await billing.readForStaff(admin, invoiceId)).toEqual(before);
	});

	it('takes amounts from prices and nothing that a form adds', async () => {
		const forged = { totalMinor: '1', status: 'paid', number: 'INV-99999', paidMinor: '10000' };
		const input = invoiceInput.parse({
			currency: 'EUR',
			taxRate: '0',
			dueOn: '2099-01-01',
			'description-0': 'Work',
			'price-0': '100',
			...forged
		});
		expect(Object.keys(input).toSorted()).toEqual(['currency', 'dueOn', 'lines', 'note', 'taxRateBp']);
		expect(claimInput.parse({ reference: 'x', id: randomUUID(), amount: '1' })).toEqual({ reference: 'x' });
	});

	it('is claimed once and sent once when everybody presses at the same moment', async () => {
		const claims = await Promise.all(
			Array.from({ length: 4 }, () =>
				codeOf(world.billing.claimPaid(owner, { id: invoiceId, reference: '' }, NO_ORIGIN))
			)
		);
		expect(claims.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'done']);
		const { clientId } = world.both.north.clients.assigned;
		const id = await world.billing.create(admin, { ...form(), clientId }, NO_ORIGIN);
		const sends = await Promise.all(
			Array.from({ length: 4 }, () => codeOf(world.billing.send(admin, { id }, NO_ORIGIN)))
		);
		expect(sends.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'done']);
	});

	it('is either paid or void when both come at once, never both', async () => {
		const [paid, voided] = await Promise.all([
			codeOf(world.billing.recordPayment(admin, { id: invoiceId, ...payment('100') }, NO_ORIGIN)),
			codeOf(world.billing.void(admin, { id: invoiceId, reason: 'x' }, NO_ORIGIN))
		]);
		expect([paid, voided].toSorted()).toEqual(['conflict', 'done']);
	});
});

describe('while impersonating', () => {
	it('view mode lets nothing be changed but the PDF be taken, under the real name', async () => {
		const { actor } = await inside('view');
		expect(await answers(portalAttempts(actor, invoiceId, subscriptionId))).toMatchObject({
			read: 'done',
			pdf: 'done',
			claim: 'view_only',
			change: 'view_only',
			pause: 'view_only',
			cancel: 'view_only'
		});
		await world.billing.download(actor, { id: invoiceId }, NO_ORIGIN);
		expect(await lastAction()).toMatchObject({
			action: 'invoice.downloaded',
			outcome: 'done',
			actor_staff_id: world.both.north.staff.manager
		});
	});

	it('a claim keeps both names', async () => {
		const { actor } = await inside('act');
		await world.billing.claimPaid(actor, { id: invoiceId, reference: 'By phone' }, NO_ORIGIN);
		expect((await world.billing.read(owner, invoiceId)).claim?.maker).toEqual({
			contact: 'Owner of North Assigned',
			staff: 'North manager'
		});
	});

	it('a frozen one gets no PDF either', async () => {
		const { actor, impersonationId } = await inside('act');
		await database.owner`UPDATE impersonation SET frozen_at = now(), freeze_note = 'Stop' WHERE id = ${impersonationId}`;
		expect(await answers(portalAttempts(actor, invoiceId, subscriptionId))).toMatchObject({
			pdf: 'frozen',
			claim: 'frozen',
			cancel: 'frozen'
		});
	});

	it('sees no more than the contact who may not see billing', async () => {
		const { actor } = await inside('act', world.both.north.clients.assigned.contact);
		expect(await codeOf(world.billing.list(actor, LIST))).toBe('not_found');
		expect(await codeOf(world.billing.download(actor, { id: invoiceId }, NO_ORIGIN))).not.toBe('done');
	});
});

it('shows no draft to anybody in the portal', async () => {
	const attempts = portalAttempts(owner, draftId, subscriptionId);
	for (const name of ['read', 'claim', 'pdf'] as const)
		expect(await codeOf(attempts[name]()), name).toBe('not_found');
	expect((await world.billing.list(owner, LIST)).rows.map((row) => row.id)).not.toContain(draftId);
});
