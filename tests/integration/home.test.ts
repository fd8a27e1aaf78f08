import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import { readHome } from '#server/usecases/portal/read-home.ts';
import { impersonate, impersonationKit } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;

const client = () => both.north.clients.assigned;
const as = (who: 'owner' | 'contact' = 'owner'): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: client().clientId,
	contactId: client()[who]
});
const home = (actor: Parameters<ReturnType<typeof readHome>>[0] = as()) =>
	readHome({ db: database.db })(actor);
const setUp = (setup: PortalSetup) =>
	database.owner`UPDATE agency SET portal_setup = ${database.owner.json(setup)} WHERE id = ${both.north.agencyId}`;
const kinds = async (actor = as()) =>
	[...new Set((await home(actor)).news.map((item) => item.kind))].toSorted();

type News = {
	agency?: string;
	client?: string | null;
	from?: string;
	until?: string | null;
	removed?: boolean;
};
const announce = (title: string, { agency, client: whom, from, until, removed }: News = {}) => database.owner`
	INSERT INTO announcement (id, agency_id, client_id, title, body, visible_from, visible_until, removed_at)
	VALUES (${randomUUID()}, ${agency ?? both.north.agencyId}, ${whom ?? null}, ${title}, '',
		now() + ${from ?? '-1 hour'}::interval, now() + ${until ?? null}::interval, ${removed ? new Date() : null})`;

async function seedAround(): Promise<void> {
	const { owner } = database;
	const { agencyId, clients } = both.north;
	const orderId = randomUUID();
	const own = { agency_id: agencyId, client_id: clients.assigned.clientId };
	const sums = { currency: 'EUR', subtotal_minor: 100, tax_minor: 0, total_minor: 100 };
	for (const [id, status] of [
		[orderId, 'in_progress'],
		[randomUUID(), 'completed']
	] as const)
		await owner`INSERT INTO client_order ${owner({
			...own,
			...sums,
			id,
			status,
			number: `ORD-${status}`,
			service_name: 'Logo',
			package_name: 'Small'
		})}`;
	await owner`INSERT INTO client_order_step ${owner({ ...own, id: randomUUID(), order_id: orderId, status: 'in_progress' })}`;
	const threadId = randomUUID();
	await owner`INSERT INTO thread ${owner({ ...own, id: threadId, subject: 'The new menu' })}`;
	await owner`INSERT INTO message ${owner({ ...own, id: randomUUID(), thread_id: threadId, body: 'Hello' })}`;
	await owner`INSERT INTO task_comment ${owner({ ...own, id: randomUUID(), task_id: clients.assigned.taskId, body: 'Nice' })}`;
	await owner`INSERT INTO invoice ${owner({
		...own,
		...sums,
		id: randomUUID(),
		status: 'draft',
		issued_on: '2026-11-02',
		due_on: '2026-11-03'
	})}`;
	await owner`UPDATE task SET waiting_on = 'client' WHERE id = ${clients.assigned.taskId}`;
}

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	await seedAround();
});
beforeEach(async () => {
	await setUp({});
	await database.owner`DELETE FROM announcement`;
});

describe('the home page', () => {
	it('shows the owner everything that waits and that happened', async () => {
		const shown = await home();
		expect(shown.waiting).toMatchObject({ total: 1, rows: [{ title: 'Seeded task' }] });
		expect(shown.unpaid).toMatchObject({
			total: 1,
			rows: [{ status: 'open', totalMinor: 12_000, paidMinor: 0 }]
		});
		expect(shown.orders).toMatchObject({
			total: 1,
			rows: [{ number: 'ORD-in_progress', status: 'in_progress' }]
		});
		expect(await kinds()).toEqual(['comment', 'file', 'invoice', 'message', 'order', 'task']);
	});

	it('shows a contact only what their rights reach', async () => {
		const shown = await home(as('contact'));
		expect(shown).toMatchObject({ waiting: { total: 1 }, unpaid: null, orders: null });
		expect(await kinds(as('contact'))).toEqual(['comment', 'file', 'message', 'task']);
	});

	it.each([
		['tasks', 'waiting', ['file', 'invoice', 'message', 'order']],
		['invoices', 'unpaid', ['comment', 'file', 'message', 'order', 'task']],
		['orders', 'orders', ['comment', 'file', 'invoice', 'message', 'task']]
	] as const)('says nothing of %s where the area is hidden', async (area, part, left) => {
		await setUp({ [area]: { hidden: true } });
		expect((await home())[part]).toBeNull();
		expect(await kinds()).toEqual(left);
	});

	it('drops the comments where only they are hidden, and messages with their area', async () => {
		await setUp({ 'tasks.comments': { hidden: true }, messages: { hidden: true } });
		expect(await kinds()).toEqual(['file', 'invoice', 'order', 'task']);
	});

	it('never shows a draft invoice, an internal or a deleted task', async () => {
		const numbers = (await home()).news.filter((item) => item.kind === 'invoice').map((item) => item.label);
		expect(numbers).toHaveLength(1);
		const { taskId } = client();
		await database.owner`UPDATE task SET client_visible = false WHERE id = ${taskId}`;
		expect(await kinds()).not.toContain('task');
		await database.owner`UPDATE task SET client_visible = true, deleted_at = now() WHERE id = ${taskId}`;
		expect(await home()).toMatchObject({ waiting: { total: 0 } });
		expect(await kinds()).not.toContain('comment');
		await database.owner`UPDATE task SET deleted_at = NULL WHERE id = ${taskId}`;
	});

	it('tells no due date where it is hidden: not the day, not that it is over, not by the order', async () => {
		const { clientId } = client();
		const own = { agency_id: both.north.agencyId, client_id: clientId, waiting_on: 'client' };
		const [sooner, later] = [randomUUID(), randomUUID()];
		await database.owner`INSERT INTO task ${database.owner([
			{ ...own, id: sooner, title: 'Due first', due_on: '2020-01-01', created_at: '2025-01-01' },
			{ ...own, id: later, title: 'Due later', due_on: '2020-02-01', created_at: '2025-02-01' }
		])}`;
		const seen = async () => (await home()).waiting!.rows.filter(({ id }) => id === sooner || id === later);
		expect(await seen()).toMatchObject([
			{ title: 'Due first', dueOn: '2020-01-01', overdue: true },
			{ title: 'Due later', dueOn: '2020-02-01', overdue: true }
		]);
		await setUp({ 'tasks.due_date': { hidden: true } });
		expect(await seen()).toMatchObject([
			{ title: 'Due later', dueOn: null, overdue: false },
			{ title: 'Due first', dueOn: null, overdue: false }
		]);
		await database.owner`DELETE FROM task WHERE id IN (${sooner}, ${later})`;
	});

	it('is the same for staff inside as for the contact they impersonate', async () => {
		const kit = impersonationKit(database.db);
		const { agencyId, staff } = both.north;
		const whom = {
			agencyId,
			staffId: staff.manager,
			clientId: client().clientId,
			contactId: client().contact
		};
		const { actor } = await impersonate(database.db, whom, kit);
		expect(await home(actor)).toEqual(await home(as('contact')));
	});

	it('keeps saying who was in where activity is hidden', async () => {
		await setUp({ 'home.activity': { hidden: true } });
		const shown = await home();
		expect(shown.showsActivity).toBe(false);
		expect(shown.news.map((item) => item.kind)).toEqual(['visit']);
	});
});

describe('announcements', () => {
	const titles = async () => (await home()).announcements?.map((one) => one.title);

	it('are those for all and for this client, of this agency, at this moment', async () => {
		await announce('For all');
		await announce('For us', { client: client().clientId });
		await announce('For others', { client: both.north.clients.unassigned.clientId });
		await announce('Of another agency', { agency: both.south.agencyId });
		await announce('Planned', { from: '1 hour' });
		await announce('Over', { from: '-2 hours', until: '-1 hour' });
		await announce('Taken back', { removed: true });
		expect((await titles())?.toSorted()).toEqual(['For all', 'For us']);
	});

	it('are not there where the section is hidden', async () => {
		await announce('For all');
		await setUp({ 'home.announcements': { hidden: true } });
		expect((await home()).announcements).toBeNull();
	});

	it('stand three at a time, older ones a page further', async () => {
		const { agencyId } = both.north;
		await database.owner`INSERT INTO announcement (id, agency_id, title, body, visible_from)
			SELECT gen_random_uuid(), ${agencyId}, 'Old ' || n, '', now() - make_interval(days => 100 + n)
			FROM generate_series(1, 4) n`;
		const seen: string[] = [];
		for (let page = 1, more = true; more; page += 1) {
			const { announcements, earlierAnnouncements } = await readHome({ db: database.db })(as(), page);
			expect(announcements!.length).toBeLessThanOrEqual(3);
			seen.push(...announcements!.map(({ title }) => title));
			more = earlierAnnouncements;
		}
		expect(seen.slice(-4)).toEqual(['Old 1', 'Old 2', 'Old 3', 'Old 4']);
	});
});
