import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';
import type { TaskFilter } from '#server/usecases/tasks/list-tasks.ts';

let world: WorkWorld;
beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());
beforeEach(() => world.setUp({}));

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
const list = (filter: Partial<TaskFilter> = {}, who = world.contact()) =>
	world.tasks.list(who, { ...ALL, ...filter });
const titles = async (filter: Partial<TaskFilter>) => (await list(filter)).rows.map((row) => row.title);

describe('a task of a client', () => {
	it('is created, edited, commented on, completed and reopened, each with its action', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, { ...task('Menu'), dueOn: '2027-01-31' }, NO_ORIGIN);
		const edit = { id, title: 'New menu', description: 'For spring', dueOn: null };
		await world.tasks.edit(me, edit, NO_ORIGIN);
		await world.tasks.comment(me, { id, body: 'Soon please' }, NO_ORIGIN);
		await world.tasks.complete(me, { id }, NO_ORIGIN);
		const read = await world.tasks.read(me, id);
		expect(read).toMatchObject({
			title: 'New menu',
			status: 'done',
			dueOn: null,
			completedAt: expect.any(Number),
			comments: [{ body: 'Soon please', maker: { contact: 'Owner of North Assigned', staff: null } }]
		});
		await expect(world.tasks.complete(me, { id }, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
		await world.tasks.reopen(me, { id }, NO_ORIGIN);
		const rows = await world.database.sql`SELECT action FROM action WHERE subject_id = ${id} ORDER BY seq`;
		expect(rows.map((row) => row['action'])).toEqual([
			'task.created',
			'task.edited',
			'task.commented',
			'task.completed',
			'task.reopened'
		]);
	});

	it('keeps its due date when a form without that field is saved', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, { ...task('Dated'), dueOn: '2027-02-01' }, NO_ORIGIN);
		await world.tasks.edit(me, { id, title: 'Dated still', description: '' }, NO_ORIGIN);
		expect((await world.tasks.read(me, id)).dueOn).toBe('2027-02-01');
	});

	it('tells its activity newest first, with both names while impersonated and without refusals', async () => {
		const { actor, end } = await world.inside('act');
		const id = await world.tasks.create(actor, task('Told'), NO_ORIGIN);
		await world.tasks.edit(actor, { id, title: 'Told again', description: 'x' }, NO_ORIGIN);
		await end();
		const view = await world.inside('view');
		await expect(world.tasks.complete(view.actor, { id }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'view_only'
		});
		await view.end();
		const { activity } = await world.tasks.read(world.contact(), id);
		const both = { contact: 'Owner of North Assigned', staff: 'North manager' };
		expect(activity).toMatchObject([
			{ title: 'Edited task', what: 'title and description', maker: both, refused: false },
			{ title: 'Created task', maker: both }
		]);
		const admin = await world.staff('admin');
		const seen = (await world.tasks.readForStaff(admin, id)).activity;
		expect(seen[0]).toMatchObject({ title: 'Tried: completed task', refused: true });
	});

	it('is deleted by whoever made it or the owner, and comes back whole', async () => {
		const { assigned } = world.both.north.clients;
		const ben = world.contact(assigned, 'contact');
		const mine = await world.tasks.create(ben, task('Of Ben'), NO_ORIGIN);
		const owners = await world.tasks.create(world.contact(), task('Of the owner'), NO_ORIGIN);
		await expect(world.tasks.delete(ben, { id: owners }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect([(await world.tasks.read(ben, mine)).isOwn, (await world.tasks.read(ben, owners)).isOwn]).toEqual([
			true,
			false
		]);
		await world.tasks.delete(world.contact(), { id: mine }, NO_ORIGIN);
		expect(await titles({ q: 'Of Ben' })).toEqual([]);
		await expect(world.tasks.read(ben, mine)).rejects.toMatchObject({ code: 'not_found' });
		await expect(world.tasks.comment(ben, { id: mine, body: 'x' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		await world.tasks.restore(ben, { id: mine }, NO_ORIGIN);
		expect(await titles({ q: 'Of Ben' })).toEqual(['Of Ben']);
		const admin = await world.staff('admin');
		const agencys = { ...task('Of the agency'), clientId: assigned.clientId };
		const theirs = await world.tasks.create(admin, agencys, NO_ORIGIN);
		await expect(world.tasks.delete(world.contact(), { id: theirs }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
	});
});

describe('the list', () => {
	it('finds by words, where % is only a sign, and pages by 25', async () => {
		for (let n = 1; n <= 30; n += 1) await world.tasks.create(world.contact(), task(`Batch ${n}`), NO_ORIGIN);
		await world.tasks.create(world.contact(), task('100% organic'), NO_ORIGIN);
		expect(await titles({ q: '0% ORG' })).toEqual(['100% organic']);
		expect((await list({ q: '%' })).total).toBe(1);
		const [first, second] = [await list({ q: 'batch' }), await list({ q: 'batch', page: 2 })];
		expect([first.total, first.rows.length, second.rows.length]).toEqual([30, 25, 5]);
	});

	it('filters what waits, what is late and who made it, and sorts each way', async () => {
		const me = world.contact();
		const late = await world.tasks.create(me, { ...task('Sort: late'), dueOn: '2020-01-01' }, NO_ORIGIN);
		await world.tasks.create(me, { ...task('Sort: ahead'), dueOn: '2099-01-01' }, NO_ORIGIN);
		const ben = world.contact(world.both.north.clients.assigned, 'contact');
		await world.tasks.create(ben, task('Sort: dateless'), NO_ORIGIN);
		await world.database.owner`UPDATE task SET waiting_on = 'client' WHERE id = ${late}`;
		const q = 'Sort:';
		expect(await titles({ q, waiting: true })).toEqual(['Sort: late']);
		expect(await titles({ q, overdue: true })).toEqual(['Sort: late']);
		expect(await titles({ q, by: 'me', sort: 'title' })).toEqual(['Sort: ahead', 'Sort: late']);
		expect(await titles({ q, sort: 'due' })).toEqual(['Sort: late', 'Sort: ahead', 'Sort: dateless']);
		expect(await titles({ q, sort: '-due' })).toEqual(['Sort: ahead', 'Sort: late', 'Sort: dateless']);
		const { counts } = await list({ q });
		expect(counts.overdue).toBe(1);
		const board = await world.tasks.board(me, { q, by: 'anyone', order: null });
		expect([board.waiting.total, board.agency.total, board.done.total]).toEqual([1, 2, 0]);
		await world.tasks.complete(me, { id: late }, NO_ORIGIN);
		expect(await titles({ q, overdue: true })).toEqual([]);
	});
});

describe('what is hidden', () => {
	it('keeps internal tasks from every read and change', async () => {
		const admin = await world.staff('admin');
		const { clientId } = world.both.north.clients.assigned;
		const secret = { ...task('Internal'), clientId, clientVisible: false };
		const id = await world.tasks.create(admin, secret, NO_ORIGIN);
		const me = world.contact();
		expect((await list({ q: 'Internal' })).total).toBe(0);
		for (const attempt of [
			() => world.tasks.read(me, id),
			() => world.tasks.edit(me, { id, ...task('Mine') }, NO_ORIGIN),
			() => world.tasks.comment(me, { id, body: 'hello' }, NO_ORIGIN),
			() => world.tasks.delete(me, { id }, NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
		expect((await world.tasks.readForStaff(admin, id)).clientVisible).toBe(false);
	});

	it('shows no hidden part of a task, nor what happened in it', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, { ...task('Parts'), dueOn: '2020-02-02' }, NO_ORIGIN);
		await world.tasks.comment(me, { id, body: 'hidden soon' }, NO_ORIGIN);
		await world.setUp({ 'tasks.comments': { hidden: true }, 'tasks.due_date': { hidden: true } });
		const read = await world.tasks.read(me, id);
		expect(read).toMatchObject({ dueOn: null, overdue: false, comments: [] });
		expect(read.activity.map((row) => row.title)).toEqual(['Created task']);
		const found = await list({ q: 'Parts', overdue: true, sort: 'due' });
		expect(found).toMatchObject({
			counts: { overdue: 0 },
			rows: [{ dueOn: null, overdue: false, comments: 0 }]
		});
		await world.setUp({ 'tasks.activity': { hidden: true } });
		expect((await world.tasks.read(me, id)).activity).toEqual([]);
	});

	it('refuses a due date that the client may see and not change, and takes the form without it', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, { ...task('Locked date'), dueOn: '2027-03-03' }, NO_ORIGIN);
		await world.setUp({ 'tasks.due_date': { readonly: true } });
		const move = { id, ...task('Locked date'), dueOn: '2027-04-04' };
		await expect(world.tasks.edit(me, move, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed',
			details: { field: 'dueOn' }
		});
		expect(await world.lastAction()).toMatchObject({ action: 'task.edited', outcome: 'refused' });
		await world.tasks.edit(me, { id, ...task('Renamed'), dueOn: '2027-03-03' }, NO_ORIGIN);
		expect(await world.tasks.read(me, id)).toMatchObject({ title: 'Renamed', dueOn: '2027-03-03' });
		const fresh = { ...task('New'), dueOn: '2027-05-05' };
		await expect(world.tasks.create(me, fresh, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('never takes from the portal what only staff may set', async () => {
		const me = world.contact();
		const forged = {
			...task('Forged'),
			clientVisible: false,
			waitingOn: 'client' as const,
			assigneeStaffId: world.both.north.staff.admin,
			clientId: world.both.south.clients.assigned.clientId
		};
		const id = await world.tasks.create(me, forged, NO_ORIGIN);
		const [row] = await world.database.sql`SELECT * FROM task WHERE id = ${id}`;
		expect(row).toMatchObject({
			client_id: me.clientId,
			client_visible: true,
			waiting_on: 'agency',
			assignee_staff_id: null
		});
	});
});

describe('a long conversation', () => {
	it('shows its newest part, and the rest a page further, on both sides', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, task('Much to say'), NO_ORIGIN);
		await world.database.owner`
			INSERT INTO task_comment (id, agency_id, client_id, task_id, body, made_by_contact_id, created_at)
			SELECT gen_random_uuid(), ${me.agencyId}, ${me.clientId}, ${id}, 'Comment ' || n, ${me.contactId},
				now() - make_interval(mins => 60 - n) FROM generate_series(1, 60) n`;
		const admin = await world.staff('admin');
		const readers = [
			(pages?: { comments: number }) => world.tasks.read(me, id, pages),
			(pages?: { comments: number }) => world.tasks.readForStaff(admin, id, pages)
		];
		for (const read of readers) {
			const [first, second] = [await read(), await read({ comments: 2 })];
			expect([first.comments.length, first.comments[0]?.body, first.comments.at(-1)?.body]).toEqual([
				50,
				'Comment 11',
				'Comment 60'
			]);
			expect([second.comments.length, second.comments[0]?.body]).toEqual([10, 'Comment 1']);
			expect([first.earlier.comments, second.earlier.comments]).toEqual([true, false]);
			expect(first.earlier.activity).toBe(false);
		}
	});
});
