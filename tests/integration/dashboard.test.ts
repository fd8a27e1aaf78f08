import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { readDashboard } from '#server/usecases/dashboard/read-dashboard.ts';
import { impersonate, signInStaff } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north') =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const read = (actor: StaffActor) => readDashboard({ db })(actor);
const task = (more: {
	due: string;
	assignee?: string;
	clientId?: string;
	waitingOn?: string;
	title: string;
}) =>
	db.execute(sql`INSERT INTO task (id, agency_id, client_id, title, due_on, waiting_on, assignee_staff_id)
		VALUES (${randomUUID()}, ${both.north.agencyId}, ${more.clientId ?? both.north.clients.assigned.clientId}, ${more.title},
			current_date + ${more.due}::int, ${more.waitingOn ?? 'agency'}, ${more.assignee ?? null}::uuid)`);

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	await db.execute(sql`UPDATE invoice SET due_on = current_date - 20, paid_minor = 2000
		WHERE client_id = ${both.north.clients.assigned.clientId}`);
	await db.execute(sql`UPDATE invoice SET due_on = current_date + 3
		WHERE agency_id = ${both.north.agencyId} AND client_id <> ${both.north.clients.assigned.clientId}`);
});

describe('the dashboard', () => {
	it('adds up what is owed by age, less what was paid, of this agency only', async () => {
		const { money } = await read(await signIn('admin'));
		expect(money).toEqual([
			{
				currency: 'EUR',
				invoices: 4,
				overdueInvoices: 1,
				totalMinor: 46_000,
				overdueMinor: 10_000,
				byAgeMinor: [36_000, 0, 10_000, 0]
			}
		]);
	});

	it('names the clients that wait: one’s own, or the agency’s for who reaches all and looks after none', async () => {
		await task({ title: 'Late', due: '-2' });
		await task({ title: 'Late at theirs', due: '-2', waitingOn: 'client' });
		const admin = await read(await signIn('admin'));
		expect(admin.attention).toEqual({
			mine: false,
			rows: [
				{ id: both.north.clients.assigned.clientId, name: 'North Assigned', tasks: 1, invoices: 1, orders: 0 }
			]
		});
		const manager = await read(await signIn('manager'));
		// Invoices are nothing a Manager sees: the count must not tell of them.
		expect(manager.attention).toEqual({
			mine: true,
			rows: [
				{ id: both.north.clients.assigned.clientId, name: 'North Assigned', tasks: 1, invoices: 0, orders: 0 }
			]
		});
	});

	it('shows the tasks due within a week that are given to the reader, or to nobody at their clients', async () => {
		const { manager, assignee } = both.north.staff;
		await task({
			title: 'Given to me',
			due: '3',
			assignee: manager,
			clientId: both.north.clients.unassigned.clientId
		});
		await task({ title: 'Given to another', due: '3', assignee });
		await task({ title: 'Next month', due: '30' });
		const { tasks } = await read(await signIn('manager'));
		expect(tasks?.rows.map((row) => [row.title, row.overdue])).toEqual([
			['Late', true],
			['Given to me', false]
		]);
		expect(tasks?.total).toBe(2);
	});

	it('shows each permission’s part and no other', async () => {
		const parts = async (who: SeededStaff) => {
			const { attention, tasks, orders, money, perDay } = await read(await signIn(who));
			return Object.entries({ attention, tasks, orders, money, perDay })
				.filter(([, part]) => part !== null)
				.map(([name]) => name);
		};
		expect(await parts('superAdmin')).toEqual(['attention', 'tasks', 'orders', 'money', 'perDay']);
		expect(await parts('manager')).toEqual(['attention', 'tasks', 'orders']);
		expect(await parts('assignee')).toEqual(['attention', 'tasks']);
		expect(await parts('supervisor')).toEqual(['attention', 'perDay']);
	});

	it('shows who is inside to supervisors, and to others only themselves', async () => {
		const { clientId, owner } = both.north.clients.assigned;
		const { agencyId, staff } = both.north;
		const { impersonationId } = await impersonate(db, {
			agencyId,
			staffId: staff.manager,
			clientId,
			contactId: owner
		});
		const ids = async (actor: StaffActor) => (await read(actor)).inside.map((stay) => stay.id);
		expect(await ids(await signIn('supervisor'))).toEqual([impersonationId]);
		expect(await ids(await signIn('manager'))).toEqual([impersonationId]);
		expect(await ids(await signIn('assignee'))).toEqual([]);
		expect(await ids(await signIn('superAdmin', 'south'))).toEqual([]);
		const { perDay } = await read(await signIn('supervisor'));
		expect(perDay).toHaveLength(30);
		expect(perDay?.at(-1)?.count).toBe(1);
		expect(perDay?.slice(0, -1).every((day) => day.count === 0)).toBe(true);
	});

	it('is nothing for who was deactivated', async () => {
		const assignee = await signIn('assignee');
		await db.execute(sql`UPDATE staff SET active = false WHERE id = ${assignee.staffId}`);
		await expect(read(assignee)).rejects.toMatchObject({ code: 'not_allowed' });
	});
});
