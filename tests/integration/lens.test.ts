import { randomUUID } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeLens } from '#server/compose/lens.ts';
import type { Db } from '#server/db/types.ts';
import {
	impersonate,
	impersonationKit,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import {
	seedTwoAgencies,
	type SeededClient,
	type SeededStaff,
	type TwoAgencies
} from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let lens: ReturnType<typeof composeLens>;
let client: SeededClient;
let inside: Impersonated;

const ASK = 'Ask an admin to change it.';

const enter = (contactId: SeededClient['owner'], staff: SeededStaff = 'superAdmin') =>
	impersonate(
		db,
		{
			agencyId: both.north.agencyId,
			staffId: both.north.staff[staff],
			clientId: client.clientId,
			contactId,
			mode: 'view'
		},
		kit
	);
const setUp = (table: 'agency' | 'client', id: string, setup: object) =>
	db.execute(
		sql`UPDATE ${sql.raw(table)} SET portal_setup = ${JSON.stringify(setup)}::jsonb WHERE id = ${id}`
	);

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	lens = composeLens({ db });
	client = both.north.clients.assigned;
});
beforeEach(async () => {
	inside = await enter(client.owner);
});
afterEach(async () => {
	await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
	await setUp('agency', both.north.agencyId, {});
	await setUp('client', client.clientId, {});
});

describe('what is hidden on a page', () => {
	it('is nothing for an owner where nothing is set', async () => {
		expect(await lens.explain(inside.actor, '/tasks')).toEqual({
			page: 'Tasks',
			contact: `Owner of ${client.name}`,
			record: null,
			here: [],
			elsewhere: [],
			records: []
		});
	});

	it('comes with its layer in words and a link to the very setting', async () => {
		await setUp('agency', both.north.agencyId, { 'tasks.create': { hidden: true } });
		await setUp('client', client.clientId, { 'tasks.comments': { hidden: true }, orders: { hidden: true } });
		const { here, elsewhere } = await lens.explain(inside.actor, '/tasks?page=2');
		expect(here).toMatchObject([
			{
				key: 'tasks.create',
				why: 'Hidden for every client, by agency default.',
				href: '/settings/portal#element-tasks.create'
			},
			{
				key: 'tasks.comments',
				why: `Hidden for ${client.name}, by its own set-up.`,
				href: `/clients/${client.clientId}?tab=portal#element-tasks.comments`
			}
		]);
		expect(elsewhere.map((one) => one.key)).toEqual(['orders']);
	});

	it('is no two-person zone that is closed to whoever asks; of its records nothing is told meanwhile', async () => {
		await db.execute(sql`UPDATE agency SET zones = '["invoices"]' WHERE id = ${both.north.agencyId}`);
		const answer = await lens.explain(inside.actor, `/invoices/${randomUUID()}`);
		await db.execute(sql`UPDATE agency SET zones = '[]'`);
		expect(answer).toMatchObject({ page: 'Invoices', record: null, here: [], elsewhere: [], records: [] });
	});

	it('explains a page that answers 404, by the rights of whom it is shown as', async () => {
		await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
		inside = await enter(client.contact);
		const answer = await lens.explain(inside.actor, `/invoices/${client.invoiceId}`);
		expect(answer).toMatchObject({
			page: 'Invoices',
			record: null,
			here: [{ key: 'invoices', why: expect.stringContaining('rights do not include billing') }]
		});
		expect(answer.here[0]!.href).toBe(`/clients/${client.clientId}?tab=contacts`);
		expect(await lens.explain(inside.actor, '/no-such-page')).toMatchObject({ page: null, here: [] });
	});
});

describe('records that are kept back', () => {
	it('are counted by kind, of this client only', async () => {
		await db.execute(sql`UPDATE task SET client_visible = false`);
		await db.execute(sql`UPDATE invoice SET status = 'draft', number = NULL`);
		expect((await lens.explain(inside.actor, '/tasks')).records).toEqual([
			{
				text: '1 internal task',
				why: 'Marked as not visible to the client.',
				href: `/clients/${client.clientId}?tab=tasks`
			}
		]);
		expect((await lens.explain(inside.actor, '/invoices')).records).toMatchObject([
			{ text: '1 draft invoice' }
		]);
		await setUp('client', client.clientId, { tasks: { hidden: true } });
		expect((await lens.explain(inside.actor, '/tasks')).records).toEqual([]);
	});

	it('explain the one that an address names, and tell nothing of another agency’s', async () => {
		const why = async (id: string) => (await lens.explain(inside.actor, `/tasks/${id}`)).record?.why ?? null;
		await db.execute(sql`UPDATE task SET client_visible = true`);
		expect(await why(client.taskId)).toBeNull();
		await db.execute(sql`UPDATE task SET client_visible = false`);
		expect(await why(client.taskId)).toContain('internal');
		await db.execute(sql`UPDATE task SET deleted_at = now() WHERE id = ${client.taskId}`);
		expect(await why(client.taskId)).toContain('deleted');
		expect(await why(both.north.clients.unassigned.taskId)).toContain('another client');
		const nothing = 'There is no such task.';
		expect(await why(both.south.clients.assigned.taskId)).toBe(nothing);
		expect(await why("' OR true --")).toBe(nothing);
	});

	it('explain a deleted file and one of a task that is kept back', async () => {
		const record = async (id: string) => (await lens.explain(inside.actor, `/files/${id}`)).record;
		const setFile = (what: SQL) => db.execute(sql`UPDATE file SET ${what} WHERE id = ${client.fileId}`);
		expect(await record(client.fileId)).toBeNull();
		await setFile(sql`deleted_at = now()`);
		expect(await record(client.fileId)).toEqual({
			why: 'This file was deleted, and can be restored for a while.',
			href: `/clients/${client.clientId}?tab=files`
		});
		await setFile(sql`deleted_at = NULL, folder_id = NULL, task_id = ${client.taskId}`);
		await db.execute(
			sql`UPDATE task SET client_visible = true, deleted_at = NULL WHERE id = ${client.taskId}`
		);
		expect(await record(client.fileId)).toBeNull();
		await db.execute(sql`UPDATE task SET client_visible = false WHERE id = ${client.taskId}`);
		expect((await record(client.fileId))?.why).toContain('a task that the client does not see');
		expect((await record(both.north.clients.unassigned.fileId))?.why).toContain('another client');
		expect((await record(both.south.clients.assigned.fileId))?.why).toBe('There is no such file.');
	});

	it('explain a service that is not published, is archived or is for others', async () => {
		const { agencyId } = both.north;
		const id = randomUUID();
		const record = async () => (await lens.explain(inside.actor, `/services/${id}`)).record;
		await db.execute(sql`INSERT INTO service (id, agency_id, name, summary, description, status)
			VALUES (${id}, ${agencyId}, 'Sign', '', '', 'draft')`);
		expect(await record()).toEqual({ why: 'This service is not published yet.', href: `/services/${id}` });
		await db.execute(sql`UPDATE service SET status = 'published' WHERE id = ${id}`);
		expect(await record()).toBeNull();
		await db.execute(sql`UPDATE service SET visible_to = 'chosen' WHERE id = ${id}`);
		expect((await record())?.why).toContain('chosen clients only');
		await db.execute(sql`UPDATE service SET status = 'archived' WHERE id = ${id}`);
		expect((await record())?.why).toContain('archived');
		await db.execute(sql`UPDATE service SET agency_id = ${both.south.agencyId} WHERE id = ${id}`);
		expect((await record())?.why).toBe('There is no such service.');
	});

	it('explain a conversation of another client', async () => {
		const why = async (id: string) =>
			(await lens.explain(inside.actor, `/messages/${id}`)).record?.why ?? null;
		const open = async (of: SeededClient, agencyId: string) => {
			const id = randomUUID();
			await db.execute(sql`INSERT INTO thread (id, agency_id, client_id, subject)
				VALUES (${id}, ${agencyId}, ${of.clientId}, 'Hello')`);
			return id;
		};
		const { north, south } = both;
		expect(await why(await open(client, north.agencyId))).toBeNull();
		expect(await why(await open(north.clients.unassigned, north.agencyId))).toContain('another client');
		expect(await why(await open(south.clients.assigned, south.agencyId))).toBe(
			'There is no such conversation.'
		);
		expect(await why('new')).toBeNull();
	});
});

describe('where it leads', () => {
	const reenter = async (contactId: SeededClient['owner'], staff: SeededStaff) => {
		await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
		inside = await enter(contactId, staff);
	};
	const hrefs = async (path: string) => {
		const { here, elsewhere } = await lens.explain(inside.actor, path);
		return [...here, ...elsewhere].map(({ href, why }) => [href !== null, why.endsWith(ASK)]);
	};

	it('is no setting that its reader may not change: they are told whom to ask', async () => {
		await setUp('agency', both.north.agencyId, { 'tasks.create': { hidden: true } });
		await setUp('client', client.clientId, { 'tasks.comments': { hidden: true }, orders: { hidden: true } });
		await reenter(client.owner, 'manager');
		expect(await hrefs('/tasks')).toEqual(Array.from({ length: 3 }, () => [false, true]));
		await reenter(client.owner, 'superAdmin');
		expect(await hrefs('/tasks')).toEqual(Array.from({ length: 3 }, () => [true, false]));
		await reenter(client.contact, 'manager');
		expect(await hrefs('/invoices')).toContainEqual([false, true]);
		expect(await hrefs('/invoices')).not.toContainEqual([true, false]);
	});

	it('is no record that its reader may not open, and one they may', async () => {
		const id = randomUUID();
		await db.execute(sql`INSERT INTO service (id, agency_id, name, summary, description, status)
			VALUES (${id}, ${both.north.agencyId}, 'Flag', '', '', 'draft')`);
		await db.execute(
			sql`UPDATE task SET client_visible = false, deleted_at = NULL WHERE id = ${client.taskId}`
		);
		const record = async (path: string) => (await lens.explain(inside.actor, path)).record;
		await reenter(client.owner, 'manager');
		expect(await record(`/services/${id}`)).toEqual({
			why: `This service is not published yet. ${ASK}`,
			href: null
		});
		expect((await record(`/tasks/${client.taskId}`))?.href).toBe(`/tasks/${client.taskId}`);
		expect(await record(`/tasks/${randomUUID()}`)).toEqual({ why: 'There is no such task.', href: null });
	});
});

describe('who may ask', () => {
	it('is nobody without the right to read clients, and nobody once it is over', async () => {
		const { superAdmin } = both.north.staff;
		await db.execute(sql`UPDATE staff SET withdrawn = '{clients.read}' WHERE id = ${superAdmin}`);
		await expect(lens.explain(inside.actor, '/tasks')).rejects.toMatchObject({ code: 'not_allowed' });
		await db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${superAdmin}`);
		await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
		await expect(lens.explain(inside.actor, '/tasks')).rejects.toMatchObject({ code: 'impersonation_over' });
	});
});
