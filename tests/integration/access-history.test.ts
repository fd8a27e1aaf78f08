import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { writeView } from '#server/usecases/impersonation/open-page.ts';
import { switchMode } from '#server/usecases/impersonation/switch-mode.ts';
import { readAccessHistory } from '#server/usecases/portal/read-access-history.ts';
import { readAccessVisit, VISIT_PAGE_SIZE } from '#server/usecases/portal/read-access-visit.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	testIds,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let client: SeededClient;
/** As the owner by the manager, and as the contact by the admin. */
let first: ImpersonationId;
let second: ImpersonationId;

const as = (contactId = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: client.clientId,
	contactId
});

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	client = both.north.clients.assigned;
	const { agencyId, staff } = both.north;
	const { clientId } = client;
	const look = writeView({ db, ids: testIds, publish: () => Promise.resolve() });
	const one = await impersonate(
		db,
		{ agencyId, staffId: staff.manager, clientId, contactId: client.owner, mode: 'view' },
		kit
	);
	first = one.impersonationId;
	for (const address of ['/', '/tasks', '/tasks', `/tasks/${client.taskId}`])
		await look(one.actor, {
			kind: 'page',
			address,
			status: 200,
			subject: address.length > 10 ? { type: 'task', id: client.taskId, label: 'Seeded task' } : null
		});
	await look(one.actor, { kind: 'page', address: '/no-such-page', subject: null, status: 404 });
	const change = {
		action: 'task.created' as const,
		subject: { type: 'task', id: client.taskId, label: 'Try' }
	};
	await expect(kit.act(one.actor, change, async () => ({ value: 0 }))).rejects.toMatchObject({
		code: 'view_only'
	});
	await switchMode(kit)(one.actor, 'act', { origin: NO_ORIGIN, isStale: false });
	await kit.act(one.actor, change, async () => ({ value: 0 }));
	await db.execute(
		sql`UPDATE impersonation SET ticket = '812', details = 'a secret note' WHERE id = ${first}`
	);
	await kit.end(one.actor, { impersonationId: first, reason: 'switch_back' });
	const two = await impersonate(
		db,
		{ agencyId, staffId: staff.admin, clientId, contactId: client.contact, mode: 'view' },
		kit
	);
	second = two.impersonationId;
	for (let n = 0; n < VISIT_PAGE_SIZE + 5; n += 1)
		await look(two.actor, { kind: 'page', address: `/tasks?page=${n}`, subject: null, status: 200 });
});

describe('the list', () => {
	it('tells each visit in a sentence, with its modes in order and what was looked at and done', async () => {
		const { rows, total, people } = await readAccessHistory({ db })(as(), 1);
		expect(total).toBe(2);
		expect(people.map((person) => person.name)).toEqual(['North admin', 'North manager']);
		expect(rows[1]).toMatchObject({
			id: first,
			modes: ['view', 'act'],
			ticket: '812',
			sentence: 'North manager looked at 3 pages and made 1 change, because of ticket 812.',
			viewed: [{ label: 'Home' }, { label: 'Tasks' }, { label: 'Tasks: Seeded task' }],
			done: [
				{ title: 'Tried: created task', refused: true },
				{ title: 'Created task', label: 'Try', refused: false }
			],
			more: 0
		});
		expect(rows[0]).toMatchObject({ id: second, endedAt: null, modes: ['view'] });
		expect(rows[0]!.sentence).toContain('is in your portal now');
		expect(rows[0]!.more).toBe(VISIT_PAGE_SIZE + 5 - rows[0]!.viewed.length);
	});

	it('never holds what staff noted for colleagues', async () => {
		const history = await readAccessHistory({ db })(as(), 1);
		const visit = await readAccessVisit({ db })(as(), first, 1);
		expect(JSON.stringify([history, visit])).not.toContain('secret note');
	});

	it('is filtered by person and by day', async () => {
		const read = readAccessHistory({ db });
		const today = new Date().toISOString().slice(0, 10);
		const ids = async (filters: Parameters<typeof read>[2]) =>
			(await read(as(), 1, filters)).rows.map((row) => row.id);
		expect(await ids({ staff: both.north.staff.manager, from: '', to: '' })).toEqual([first]);
		expect(await ids({ staff: '', from: today, to: today })).toEqual([second, first]);
		const hour = new Date().getUTCHours();
		// Where it is another day than here, whatever hour the test runs at.
		const zone = hour < 11 ? 'Etc/GMT+12' : 'Etc/GMT-14';
		expect(await ids({ from: today, to: today, zone })).toEqual([]);
		expect(await ids({ from: today, to: today, zone: "UTC' OR true --" })).toEqual([second, first]);
		expect(await ids({ staff: '', from: '2099-01-01', to: '' })).toEqual([]);
		expect(await ids({ staff: '', from: '', to: '2020-01-01' })).toEqual([]);
	});

	it('is sorted by each of its columns, both ways', async () => {
		await db.execute(
			sql`UPDATE impersonation SET started_at = started_at - interval '1 hour', reason = 'verify' WHERE id = ${second}`
		);
		const ids = async (sort: string) =>
			(await readAccessHistory({ db })(as(), 1, { sort: sort as never })).rows.map((row) => row.id);
		for (const key of ['when', 'length', 'why', '-who', '-as'])
			expect(await ids(key), key).toEqual([first, second]);
		for (const key of ['-when', '-length', '-why', 'who', 'as', 'staff; DROP TABLE impersonation'])
			expect(await ids(key), key).toEqual([second, first]);
	});

	it('stays whole when the policy tells the client nothing: that is about notices', async () => {
		await db.execute(
			sql`UPDATE agency SET policy = '{"tellClient": false}' WHERE id = ${both.north.agencyId}`
		);
		expect((await readAccessHistory({ db })(as(), 1)).total).toBe(2);
		await db.execute(sql`UPDATE agency SET policy = '{}' WHERE id = ${both.north.agencyId}`);
	});
});

describe('who reads what', () => {
	it('is the owner all, another contact only what was done as them, also by the visit’s id', async () => {
		const other = as(client.contact);
		const { rows, people } = await readAccessHistory({ db })(other, 1);
		expect(rows.map((row) => row.id)).toEqual([second]);
		expect(people.map((person) => person.name)).toEqual(['North admin']);
		await expect(readAccessVisit({ db })(other, first, 1)).rejects.toMatchObject({ code: 'not_found' });
		expect((await readAccessVisit({ db })(other, second, 1)).id).toBe(second);
	});

	it('is nobody of another client or another agency', async () => {
		const strangers: ClientActor[] = [
			{
				...as(),
				clientId: both.north.clients.unassigned.clientId,
				contactId: both.north.clients.unassigned.owner
			},
			{
				kind: 'client',
				agencyId: both.south.agencyId,
				clientId: both.south.clients.assigned.clientId,
				contactId: both.south.clients.assigned.owner
			}
		];
		for (const stranger of strangers) {
			expect((await readAccessHistory({ db })(stranger, 1)).total).toBe(0);
			await expect(readAccessVisit({ db })(stranger, first, 1)).rejects.toMatchObject({ code: 'not_found' });
		}
	});
});

describe('one visit', () => {
	it('is all of it in the order it happened, page by page', async () => {
		const visit = await readAccessVisit({ db })(as(), first, 1);
		expect(visit.entries.map((entry) => [entry.kind, entry.text])).toEqual([
			['viewed', 'Home'],
			['viewed', 'Tasks'],
			['viewed', 'Tasks'],
			['viewed', 'Tasks: Seeded task'],
			['refused', 'Tried: created task: Try'],
			['done', 'Created task: Try']
		]);
		const read = readAccessVisit({ db });
		expect((await read(as(), second, 1)).entries).toHaveLength(VISIT_PAGE_SIZE);
		expect(await read(as(), second, 2)).toMatchObject({ total: VISIT_PAGE_SIZE + 5, entries: { length: 5 } });
	});

	it.each(['x', '', "' OR true --"])('%j is none', async (id) => {
		await expect(readAccessVisit({ db })(as(), id, 1)).rejects.toMatchObject({ code: 'not_found' });
	});
});
