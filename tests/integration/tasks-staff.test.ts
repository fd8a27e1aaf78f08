import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

let world: WorkWorld;
let admin: StaffActor;
beforeAll(async () => {
	world = await openWorkWorld();
	admin = await world.staff('admin');
});
afterAll(() => world.close());

const filters = (given: Record<string, unknown> = {}) => staffTaskFilters.parse(given);
const create = (title: string, more: object = {}) => {
	const { clientId } = world.both.north.clients.assigned;
	return world.tasks.create(admin, { title, description: '', clientId, ...more }, NO_ORIGIN);
};

describe('staff work on tasks of clients', () => {
	it('creates, assigns, hides, comments and completes, under the client in the log', async () => {
		const { clientId } = world.both.north.clients.assigned;
		const assigneeStaffId = world.both.north.staff.assignee;
		const id = await create('Plan launch', { assigneeStaffId, waitingOn: 'client', dueOn: '2027-01-01' });
		expect(await world.lastAction()).toMatchObject({
			action: 'task.created',
			client_id: clientId,
			contact_id: null,
			actor_staff_id: world.both.north.staff.admin
		});
		const change = { id, title: 'Plan launch', description: '', clientVisible: false };
		await world.tasks.edit(admin, change, NO_ORIGIN);
		await world.tasks.comment(admin, { id, body: 'On it' }, NO_ORIGIN);
		await world.tasks.complete(admin, { id }, NO_ORIGIN);
		const read = await world.tasks.readForStaff(admin, id);
		expect(read).toMatchObject({
			assignee: 'North assignee',
			waitingOn: 'client',
			dueOn: '2027-01-01',
			clientVisible: false,
			status: 'done',
			client: { id: clientId, name: 'North Assigned' },
			maker: { contact: null, staff: 'North admin' }
		});
		expect(read.activity.map((row) => row.what)).toContain('visibility');
	});

	it('says nothing to the client of a change that only moved its visibility', async () => {
		const id = await create('Quiet');
		await world.tasks.edit(admin, { id, title: 'Quiet', description: '', clientVisible: false }, NO_ORIGIN);
		await world.tasks.edit(admin, { id, title: 'Quiet', description: '', clientVisible: true }, NO_ORIGIN);
		const { activity } = await world.tasks.read(world.contact(), id);
		expect(activity.map((row) => row.title)).toEqual(['Created task']);
	});

	it('filters the whole agency by client, person, state, lateness and words', async () => {
		const { assignee, manager } = world.both.north.staff;
		const other = world.both.north.clients.unassigned.clientId;
		await create('Filter alpha', { assigneeStaffId: assignee, dueOn: '2020-01-01' });
		await create('Filter beta', { assigneeStaffId: manager, waitingOn: 'client' });
		await world.tasks.create(admin, { title: 'Filter gamma', description: '', clientId: other }, NO_ORIGIN);
		const titles = async (given: Record<string, unknown>) =>
			(await world.tasks.listForStaff(admin, filters({ q: 'filter', ...given }))).rows.map((r) => r.title);
		expect(await titles({})).toEqual(['Filter alpha', 'Filter beta', 'Filter gamma'].toSorted());
		expect(await titles({ assignee })).toEqual(['Filter alpha']);
		expect(await titles({ assignee: 'none' })).toEqual(['Filter gamma']);
		expect(await titles({ due: 'overdue' })).toEqual(['Filter alpha']);
		expect(await titles({ waiting: 'client' })).toEqual(['Filter beta']);
		expect(await titles({ client: other })).toEqual(['Filter gamma']);
		expect(await titles({ q: 'gam filt' })).toEqual(['Filter gamma']);
		expect(await titles({ q: '& | !' })).toEqual([]);
		expect(await titles({ status: 'done' })).toEqual([]);
		const mine = await world.staff('manager');
		const list = await world.tasks.listForStaff(mine, filters({ q: 'filter', assignee: 'me' }));
		expect(list).toMatchObject({ total: 1, isMore: false, rows: [{ title: 'Filter beta' }] });
	});

	it('takes only active colleagues of the own agency as assignee', async () => {
		const stranger = world.both.south.staff.admin;
		await expect(create('Given away', { assigneeStaffId: stranger })).rejects.toMatchObject({
			code: 'invalid',
			details: { field: 'assigneeStaffId' }
		});
		expect((await world.tasks.colleagues(admin)).map((one) => one.name)).not.toContain('South admin');
	});
});

describe('what staff may not', () => {
	it('refuses and logs a change without the permission, and reads nothing to them', async () => {
		const supervisor = await world.staff('supervisor');
		const { taskId, clientId } = world.both.north.clients.assigned;
		await expect(world.tasks.complete(supervisor, { id: taskId }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await world.lastAction()).toMatchObject({ outcome: 'refused', client_id: clientId });
		for (const attempt of [
			() => world.tasks.listForStaff(supervisor, filters()),
			() => world.tasks.readForStaff(supervisor, taskId),
			() => world.tasks.colleagues(supervisor)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('finds nothing of another agency, and plants nothing there', async () => {
		const { taskId, clientId } = world.both.south.clients.assigned;
		for (const attempt of [
			() => world.tasks.readForStaff(admin, taskId),
			() => world.tasks.edit(admin, { id: taskId, title: 'x', description: '' }, NO_ORIGIN),
			() => world.tasks.complete(admin, { id: taskId }, NO_ORIGIN),
			() => world.tasks.comment(admin, { id: taskId, body: 'x' }, NO_ORIGIN),
			() => world.tasks.delete(admin, { id: taskId }, NO_ORIGIN),
			() => world.tasks.listOfClient(admin, clientId, filters()),
			() => world.tasks.create(admin, { title: 'Planted', description: '', clientId }, NO_ORIGIN),
			() => world.tasks.create(admin, { title: 'Nowhere', description: '' }, NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
		expect((await world.tasks.listForStaff(admin, filters({ client: clientId }))).rows).toEqual([]);
		const [left] = await world.database.sql`SELECT title, status FROM task WHERE id = ${taskId}`;
		expect(left).toEqual({ title: 'Seeded task', status: 'open' });
	});
});
