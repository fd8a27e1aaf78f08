// Every action that may wait for approval, with the product's own use cases on the demo's content: prepared by staff who
// are inside, shown to the client, approved, and then done exactly as if the client had done it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import type { ClientActor, Origin, PortalActor } from '#domain/actor.ts';
import type { ClientId, ContactId, StaffId, AgencyId } from '#domain/ids.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composeBilling } from '#server/compose/billing.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import { composeFiles } from '#server/compose/files.ts';
import { composeOrders } from '#server/compose/orders.ts';
import type { Parts } from '#server/compose/parts.ts';
import { composeSubscriptions } from '#server/compose/subscriptions.ts';
import { composeTasks } from '#server/compose/tasks.ts';
import { wrapDrafts } from '#server/compose/wrap-drafts.ts';
import type { Db } from '#server/db/types.ts';
import { seedDemo } from '#server/demo/seed-demo.ts';
import { impersonate, impersonationKit, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';

let db: Db;
let folder: string;
let drafts: ReturnType<typeof composeDrafts>;
let app: ReturnType<typeof wrapDrafts>;
let inside: PortalActor;
let owner: ClientActor;

beforeAll(async () => {
	({ db } = await createTestDatabase());
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-drafts-'));
	const blobs = await FileBlobs.open(folder);
	const clock = { now: () => Date.now() };
	await seedDemo({ db, blobs, ids: testIds, clock, hashPassword: () => Promise.resolve('x') } as never);
	const kit = impersonationKit(db);
	const parts = { db, act: kit.act, ids: testIds, blobs, clock } as unknown as Parts;
	drafts = composeDrafts(parts);
	app = wrapDrafts(drafts, {
		tasks: composeTasks(parts),
		files: composeFiles(parts),
		orders: composeOrders(parts),
		billing: composeBilling(parts),
		subscriptions: composeSubscriptions(parts)
	});
	await db.execute(sql`UPDATE agency SET policy = '{"draftSensitive": true}'`);
	const [who] = await db.execute<{
		agency: AgencyId;
		client: ClientId;
		contact: ContactId;
		staff: StaffId;
	}>(sql`
		SELECT k.agency_id AS agency, k.client_id AS client, k.id AS contact,
			(SELECT id FROM staff WHERE email = 'maya@northwind.test') AS staff
		FROM contact k WHERE k.email = 'bea@bluebird.test'`);
	owner = { kind: 'client', agencyId: who!.agency, clientId: who!.client, contactId: who!.contact };
	const whom = { clientId: who!.client, contactId: who!.contact };
	inside = (await impersonate(db, { agencyId: who!.agency, staffId: who!.staff, ...whom }, kit)).actor;
});
// However long the one before took: a page that is silent may change nothing.
beforeEach(() => db.execute(sql`UPDATE page SET last_beat_at = clock_timestamp()`));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const one = async (from: ReturnType<typeof sql>): Promise<string> => {
	const [row] = await db.execute<{ id: string }>(
		sql`SELECT v.id FROM ${from} AND v.client_id = ${owner.clientId} ORDER BY v.id LIMIT 1`
	);
	if (!row) throw new Error('The demo has no such row.');
	return row.id;
};

type Case = {
	/** What the client reads. */
	label: RegExp;
	input(): Promise<unknown>;
	run(actor: PortalActor, input: never, origin: Origin): Promise<unknown>;
	/** Rows that show that it is done. */
	isDone(input: never): ReturnType<typeof sql>;
};

const CASES: Partial<Record<ActionName, Case>> = {
	'task.deleted': {
		label: /^Delete task “/,
		input: async () => ({
			id: await one(
				sql`task v WHERE v.client_visible AND v.deleted_at IS NULL AND v.made_by_contact_id IS NOT NULL`
			)
		}),
		run: (...args) => app.tasks.delete(...args),
		isDone: ({ id }: { id: string }) => sql`task WHERE id = ${id} AND deleted_at IS NOT NULL`
	},
	'file.deleted': {
		label: /^Delete file “/,
		input: async () => ({
			id: await one(sql`file v WHERE v.deleted_at IS NULL AND v.task_id IS NULL AND v.folder_id IS NULL`)
		}),
		run: (...args) => app.files.delete(...args),
		isDone: ({ id }: { id: string }) => sql`file WHERE id = ${id} AND deleted_at IS NOT NULL`
	},
	'folder.deleted': {
		label: /^Delete folder “.*” with all it holds$/,
		input: async () => ({ id: await one(sql`folder v WHERE v.parent_id IS NULL AND v.deleted_at IS NULL`) }),
		run: (...args) => app.files.deleteFolder(...args),
		isDone: ({ id }: { id: string }) => sql`folder WHERE id = ${id} AND deleted_at IS NOT NULL`
	},
	'order.placed': {
		label: /^Order /,
		input: async () => {
			const [offer] = await db.execute<{ service: string; package: string }>(sql`
				SELECT s.id AS service, p.id AS package FROM service s JOIN service_package p ON p.service_id = s.id
				WHERE s.agency_id = ${owner.agencyId} AND s.status = 'published' AND s.visible_to = 'all'
					AND p.archived_at IS NULL ORDER BY s.id, p.id LIMIT 1`);
			// The form of a real service has questions; a draft's use case is asked with it answered, so they are taken away here.
			await db.execute(sql`UPDATE service SET intake = '[]' WHERE id = ${offer!.service}`);
			const choice = {
				serviceId: offer!.service,
				packageId: offer!.package,
				quantity: 1,
				addOns: [],
				answers: []
			};
			const { sums } = await app.orders.review(owner, choice);
			return { ...choice, expectedTotalMinor: sums!.totalMinor, key: testIds.uuid() };
		},
		run: (...args) => app.orders.place(...args),
		isDone: ({ key }: { key: string }) => sql`client_order WHERE request_key = ${key}
			AND made_by_contact_id = ${owner.contactId} AND made_by_staff_id IS NOT NULL`
	},
	'order.cancelled': {
		label: /^Cancel order /,
		input: async () => ({
			orderId: await one(sql`client_order v WHERE v.status = 'pending' AND NOT EXISTS (SELECT FROM invoice i
				WHERE i.order_id = v.id AND i.status <> 'void' AND (i.paid_minor > 0 OR i.claimed_at IS NOT NULL))`),
			reason: 'Not needed'
		}),
		run: (...args) => app.orders.cancel(...args),
		isDone: ({ orderId }: { orderId: string }) =>
			sql`client_order WHERE id = ${orderId} AND status = 'cancelled'`
	},
	'invoice.claimed_paid': {
		label: /^Say that invoice .* was paid$/,
		input: async () => ({
			id: await one(sql`invoice v WHERE v.status = 'open' AND v.claimed_at IS NULL`),
			reference: 'Transfer 7'
		}),
		run: (...args) => app.billing.claimPaid(...args),
		isDone: ({ id }: { id: string }) => sql`invoice WHERE id = ${id} AND claim_reference = 'Transfer 7'
			AND claim_by_staff_id IS NOT NULL`
	},
	'invoice.claim_withdrawn': {
		label: /^Take back that invoice .* was paid$/,
		input: async () => {
			const id = await one(sql`invoice v WHERE v.status = 'open' AND v.claimed_at IS NULL`);
			await db.execute(
				sql`UPDATE invoice SET claimed_at = now(), claim_reference = 'Transfer 8' WHERE id = ${id}`
			);
			return { id };
		},
		run: (...args) => app.billing.withdrawClaim(...args),
		isDone: ({ id }: { id: string }) =>
			sql`invoice WHERE id = ${id} AND claimed_at IS NULL AND claim_reference IS NULL`
	},
	'subscription.changed': {
		label: /^Change /,
		input: async () => {
			// A plan beside the one that runs, whatever the demo sells.
			const packageId = testIds.uuid();
			const [found] = await db.execute<{ id: string }>(sql`
				WITH v AS (SELECT v.id, v.service_id, v.currency FROM subscription v JOIN service s ON s.id = v.service_id
					AND s.status = 'published' AND s.visible_to = 'all'
					WHERE v.client_id = ${owner.clientId} AND v.status = 'active' AND v.next_package_id IS NULL LIMIT 1),
				p AS (INSERT INTO service_package (id, agency_id, service_id, name, price_minor, currency, billing)
					SELECT ${packageId}, ${owner.agencyId}, v.service_id, 'Larger', 99000, v.currency, 'month' FROM v)
				SELECT id FROM v`);
			if (!found) throw new Error('The demo has no subscription to change.');
			return { id: found.id, packageId };
		},
		run: (...args) => app.subscriptions.changePlan(...args),
		isDone: ({ id, packageId }: { id: string; packageId: string }) =>
			sql`subscription WHERE id = ${id} AND next_package_id = ${packageId}`
	},
	'subscription.cancelled': {
		label: /^Cancel subscription /,
		input: async () => ({ id: await one(sql`subscription v WHERE v.status = 'active'`), reason: 'Too much' }),
		run: (...args) => app.subscriptions.cancel(...args),
		isDone: ({ id }: { id: string }) =>
			sql`subscription WHERE id = ${id} AND status IN ('ending', 'cancelled') AND cancel_reason = 'Too much'`
	}
};

const drafted = (Object.keys(ACTIONS) as ActionName[]).filter((name) => ACTIONS[name].mayDraft).toSorted();

describe('every action that may wait for approval', () => {
	it('is wrapped, and no other', () => {
		expect(drafts.wrapped().toSorted()).toEqual(drafted);
		expect(Object.keys(CASES).toSorted()).toEqual(drafted);
	});

	it('names no price and no total that its reader does not see elsewhere', async () => {
		const given = {
			'subscription.changed': await CASES['subscription.changed']!.input(),
			'order.placed': await CASES['order.placed']!.input()
		};
		const termsOf = async (name: keyof typeof given, ...hidden: string[]) => {
			const setup = JSON.stringify(Object.fromEntries(hidden.map((key) => [key, { hidden: true }])));
			await db.execute(sql`UPDATE client SET portal_setup = ${setup}::jsonb WHERE id = ${owner.clientId}`);
			const attempt = CASES[name]!.run(inside, given[name] as never, NO_ORIGIN);
			await expect(attempt).rejects.toMatchObject({ code: 'drafted' });
			const [draft] = (await drafts.list(owner, 1)).open;
			await drafts.decline(owner, { id: draft!.id, reason: '' }, NO_ORIGIN);
			return draft!.facts.map(({ term }) => term);
		};
		const [before] = await db.execute<{ setup: unknown }>(
			sql`SELECT portal_setup AS setup FROM client WHERE id = ${owner.clientId}`
		);
		expect(await termsOf('subscription.changed')).toEqual(expect.arrayContaining(['New plan', 'Price']));
		const plan = await termsOf('subscription.changed', 'services.prices');
		expect(plan).toContain('New plan');
		expect(plan).not.toContain('Price');
		expect(await termsOf('order.placed')).toContain('Total with tax');
		for (const key of ['services.prices', 'orders.amounts'])
			expect(await termsOf('order.placed', key), key).not.toContain('Total with tax');
		await db.execute(sql`UPDATE client SET portal_setup = ${JSON.stringify(before!.setup)}::jsonb
			WHERE id = ${owner.clientId}`);
	});

	it.each(drafted.toReversed())(
		'%s waits, is read by the client, and is done once approved',
		async (name) => {
			const { label, input, run, isDone } = CASES[name]!;
			const given = (await input()) as never;
			const count = async () => (await db.execute(sql`SELECT FROM ${isDone(given)}`)).length;
			await expect(run(inside, given, NO_ORIGIN)).rejects.toMatchObject({ code: 'drafted' });
			expect(await count()).toBe(0);
			const [draft] = (await drafts.list(owner, 1)).open;
			expect(draft?.label).toMatch(label);
			await drafts.approve(owner, draft!.id, NO_ORIGIN);
			expect(await count()).toBe(1);
			const [row] = await db.execute(sql`
			SELECT action, actor_kind, actor_staff_id IS NOT NULL AS both_names FROM action ORDER BY seq DESC LIMIT 1`);
			expect(row).toEqual({ action: name, actor_kind: 'client', both_names: true });
		}
	);

	it('of another client’s rows never becomes a draft', async () => {
		const [foreign] = await db.execute<{ task: string; invoice: string }>(sql`
			SELECT (SELECT id FROM task WHERE client_id <> ${owner.clientId} LIMIT 1) AS task,
				(SELECT id FROM invoice WHERE client_id <> ${owner.clientId} LIMIT 1) AS invoice`);
		const tries = [
			() => app.tasks.delete(inside, { id: foreign!.task }, NO_ORIGIN),
			() => app.billing.claimPaid(inside, { id: foreign!.invoice, reference: '' } as never, NO_ORIGIN)
		];
		for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
		expect(await drafts.countOpen(owner)).toBe(0);
	});
});
