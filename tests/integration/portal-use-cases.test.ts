import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { ClientActor } from '#domain/actor.ts';
import { composePortal } from '#server/compose/portal.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { TaskFilter } from '#server/usecases/tasks/list-tasks.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import type { SeededClient } from '#support/two-agencies.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

let world: WorkWorld;
let portal: ReturnType<typeof composePortal>;

const as = (agency: 'north' | 'south', client: SeededClient, contact = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: world.both[agency].agencyId,
	clientId: client.clientId,
	contactId: contact
});
const ALL: TaskFilter = {
	status: 'all',
	waiting: false,
	overdue: false,
	by: 'anyone',
	order: null,
	q: '',
	sort: '-created',
	page: 1
};
const task = (title: string) => ({ title, description: '' });
const owner = () => as('north', world.both.north.clients.assigned);

beforeAll(async () => {
	world = await openWorkWorld();
	portal = composePortal({ db: world.database.db, act: world.kit.act, ids: testIds } as unknown as Parts);
});
afterAll(() => world.close());

describe('rights and visibility', () => {
	it('shows no invoice, no sum and no news of one to a contact without the billing right', async () => {
		const { clients } = world.both.north;
		const ben = as('north', clients.assigned, clients.assigned.contact);
		const home = await portal.readHome(ben);
		expect(home.unpaid).toBeNull();
		expect(home.news.map((n) => n.kind)).not.toContain('invoice');
		expect((await portal.readHome(owner())).unpaid?.rows[0]).toMatchObject({
			totalMinor: 12_000,
			overdue: true
		});
	});

	it('refuses and logs a change in an area that is hidden from the client, and reads nothing of it', async () => {
		const south = as('south', world.both.south.clients.assigned);
		const setup = world.database.owner.json({ tasks: { hidden: true }, files: { hidden: true } });
		await world.database.owner`UPDATE client SET portal_setup = ${setup} WHERE id = ${south.clientId}`;
		await expect(world.tasks.list(south, ALL)).rejects.toMatchObject({ code: 'not_found' });
		await expect(world.tasks.create(south, task('x'), NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await world.lastAction()).toMatchObject({ action: 'task.created', outcome: 'refused' });
		const home = await portal.readHome(south);
		expect([home.waiting, home.news.map((n) => n.kind)]).toEqual([null, ['invoice']]);
		const { fileId } = world.both.south.clients.assigned;
		await expect(world.files.download(south, { id: fileId }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await world.database.owner`UPDATE client SET portal_setup = '{}' WHERE id = ${south.clientId}`;
	});
});

describe('access history', () => {
	it('tells the owner all, another contact only their own, and nobody the details', async () => {
		const { actor, end } = await world.inside('act');
		await world.database.db
			.execute(sql`UPDATE impersonation SET ticket = '812', details = 'secret note of staff'
			WHERE id = ${actor.impersonationId}`);
		for (const [address, label] of [
			['/', null],
			['/tasks', null],
			['/tasks', null],
			['/tasks/1', 'Seeded task']
		])
			await world.database.db
				.execute(sql`INSERT INTO view (id, agency_id, impersonation_id, kind, address, subject_label, status)
				VALUES (${testIds.uuid()}, ${actor.agencyId}, ${actor.impersonationId}, 'page', ${address}, ${label}, 200)`);
		await world.tasks.create(actor, task('Seen in history'), NO_ORIGIN);
		const running = await portal.readAccessHistory(owner(), 1);
		expect(running.rows[0]).toMatchObject({ endedAt: null, staff: 'North manager' });
		await end();
		const history = await portal.readAccessHistory(owner(), 1);
		expect(history.rows[0]).toMatchObject({
			sentence: 'North manager looked at 3 pages and made 1 change, because of ticket 812.',
			reason: 'Support',
			endedAt: expect.any(Number),
			done: [{ title: 'Created task', label: 'Seen in history', refused: false }]
		});
		expect(history.rows[0]!.viewed.map((v) => v.label)).toEqual(['Home', 'Tasks', 'Tasks: Seeded task']);
		expect(JSON.stringify(history)).not.toContain('secret note');
		const { assigned } = world.both.north.clients;
		expect((await portal.readAccessHistory(as('north', assigned, assigned.contact), 1)).total).toBe(0);
		const visits = async (who: ClientActor) =>
			(await portal.readHome(who)).news.filter((n) => n.kind === 'visit');
		expect(await visits(owner())).toContainEqual(
			expect.objectContaining({ label: expect.stringMatching(/^Support/) })
		);
		expect(await visits(as('north', assigned, assigned.contact))).toEqual([]);
		expect((await portal.readAccessHistory(as('south', world.both.south.clients.assigned), 1)).total).toBe(0);
	});
});
