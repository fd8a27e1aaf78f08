// The session receipt: what was looked at and done, taking it back, the closing note, and the client's own copy.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { composeReceipt } from '#server/compose/receipt.ts';
import { composeTasks } from '#server/compose/tasks.ts';
import type { Parts } from '#server/compose/parts.ts';
import { mailOwners } from '#server/usecases/notices/mail-owners.ts';
import { readAccessHistory } from '#server/usecases/portal/read-access-history.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
let receipt: ReturnType<typeof composeReceipt>;
let tasks: ReturnType<typeof composeTasks>;
let clientId: string;
let inside: Awaited<ReturnType<PeopleWorld['inside']>>;
let staff: StaffActor;

const named = () => ({ clientId, id: inside.impersonationId });
const read = () => receipt.read(staff, named());
const note = (text: string, forClient = false) =>
	receipt.writeNote(
		staff,
		{ ...named(), note: text, ...(forClient && { forClient: 'on' as const }) },
		NO_ORIGIN
	);
const endedAgo = (interval: string) =>
	world.db.execute(sql`UPDATE impersonation SET ended_at = clock_timestamp() - ${interval}::interval,
		started_at = clock_timestamp() - ${interval}::interval - interval '5 minutes' WHERE id = ${inside.impersonationId}`);
const see = (address: string, label: string | null = null) =>
	world.db
		.execute(sql`INSERT INTO view (id, agency_id, impersonation_id, kind, address, subject_label, status)
		VALUES (${randomUUID()}, ${staff.agencyId}, ${inside.impersonationId}, 'page', ${address}, ${label}, 200)`);

beforeAll(async () => {
	world = await openPeopleWorld();
	({ clientId } = world.both.north.clients.assigned);
	const parts = { db: world.db, act: world.kit.act, ids: testIds } as unknown as Parts;
	tasks = composeTasks(parts);
	// Only tasks are done in here; the other subjects are named and never called.
	receipt = composeReceipt(parts, { tasks, files: {}, subscriptions: {} } as unknown as Parameters<
		typeof composeReceipt
	>[1]);
});
beforeEach(async () => {
	await world.db.execute(
		sql`UPDATE impersonation SET state = 'ended', ended_at = now() - interval '2 days', end_reason = 'limit'`
	);
	inside = await world.inside('act');
	staff = inside.staff;
});

describe('a receipt', () => {
	it('holds what was looked at and done, and the sentence that the client reads', async () => {
		await see('/');
		await see('/tasks');
		await see('/tasks');
		await see('/invoices/1', 'INV-7');
		const id = await tasks.create(
			inside.actor,
			{ title: 'Spring menu', description: '', dueOn: null },
			NO_ORIGIN
		);
		await inside.end();
		const found = await read();
		expect(found).toMatchObject({
			isOwn: true,
			viewedTotal: 3,
			note: null,
			endReason: 'switch_back',
			sentence: 'North manager looked at 3 pages and made 1 change, for support.'
		});
		expect(found.viewed.map(({ label, times }) => [label, times])).toEqual([
			['Home', 1],
			['Tasks', 2],
			['Invoices: INV-7', 1]
		]);
		expect(found.deeds).toMatchObject([
			{ title: 'Created task', label: 'Spring menu', subjectId: id, undo: 'open', undoLabel: 'Delete it' }
		]);
		const { rows } = await readAccessHistory({ db: world.db })(world.contact(), 1);
		expect(rows[0]!.sentence).toBe(found.sentence);
	});

	it('offers nothing while it still runs', async () => {
		expect(await read()).toMatchObject({ endedAt: null, mayNoteUntil: null, mayUndoUntil: null });
		await expect(note('Too early')).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('taking back', () => {
	const undo = (seq: string) => receipt.undo(staff, { ...named(), seq }, NO_ORIGIN);

	it('is an action of its own by the staff member, offered once and for a quarter of an hour', async () => {
		const { taskId } = world.both.north.clients.assigned;
		await tasks.complete(inside.actor, { id: taskId }, NO_ORIGIN);
		await inside.end();
		const [deed] = (await read()).deeds;
		await undo(deed!.seq);
		expect(await world.lastAction()).toMatchObject({ action: 'task.reopened', outcome: 'done' });
		expect((await read()).deeds[0]).toMatchObject({ undo: 'taken_back' });
		await expect(undo(deed!.seq)).rejects.toMatchObject({ code: 'conflict' });

		await tasks.complete(staff, { id: taskId }, NO_ORIGIN);
		expect((await read()).deeds[0]).toMatchObject({ undo: 'none' });
		await tasks.reopen(staff, { id: taskId }, NO_ORIGIN);
	});

	it('leaves what others worked on since', async () => {
		const made = { title: 'Ours', description: '', dueOn: null };
		const id = await tasks.create(inside.actor, made, NO_ORIGIN);
		await tasks.comment(inside.actor, { id, body: 'From inside' }, NO_ORIGIN);
		await inside.end();
		const [deed] = (await read()).deeds;
		expect(deed).toMatchObject({ undo: 'open' });
		await tasks.comment(staff, { id, body: 'From the desk' }, NO_ORIGIN);
		expect((await read()).deeds[0]).toMatchObject({ undo: 'none' });
		await expect(undo(deed!.seq)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is over when the time is, and the entity decides by its own rights', async () => {
		await tasks.create(inside.actor, { title: 'Late', description: '', dueOn: null }, NO_ORIGIN);
		await inside.end();
		const [deed] = (await read()).deeds;
		await world.db.execute(sql`UPDATE staff SET withdrawn = '{tasks.manage}' WHERE id = ${staff.staffId}`);
		expect((await read()).deeds[0]).toMatchObject({ undo: 'open', undoLabel: null });
		await expect(undo(deed!.seq)).rejects.toMatchObject({ code: 'not_allowed' });
		await world.db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${staff.staffId}`);
		await endedAgo('16 minutes');
		expect(await read()).toMatchObject({ mayUndoUntil: null });
		await expect(undo(deed!.seq)).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('the closing note', () => {
	it('is an action, can be changed for a day, and is for colleagues unless the client may read it', async () => {
		await inside.end();
		await note('The invoice was in Archive.');
		expect((await read()).note).toMatchObject({ text: 'The invoice was in Archive.', forClient: false });
		const theirs = async () => (await readAccessHistory({ db: world.db })(world.contact(), 1)).rows[0]!.note;
		expect(await theirs()).toBeNull();
		await note('Your invoice was in Archive.', true);
		expect(await world.lastAction()).toMatchObject({ action: 'impersonation.noted', outcome: 'done' });
		expect(await theirs()).toBe('Your invoice was in Archive.');
		await endedAgo('25 hours');
		await expect(note('Never mind')).rejects.toMatchObject({ code: 'conflict' });
		expect(await read()).toMatchObject({ mayNoteUntil: null, note: { forClient: true } });
	});

	it('for the client goes along with the daily mail, on one line', async () => {
		await inside.end();
		await note('Found it.\n\nIt was in Archive.', true);
		await world.db.execute(sql`UPDATE impersonation SET ended_at = ended_at - interval '26 hours',
			started_at = date_trunc('day', (now() - interval '2 hours') AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '12 hours'
			WHERE id = ${inside.impersonationId}`);
		await world.db.execute(sql`DELETE FROM mail`);
		await mailOwners({ db: world.db, ids: testIds, portalOrigin: 'http://portal.localhost' })();
		const [mail] = await world.db.execute<{ body: string }>(
			sql`SELECT body FROM mail WHERE client_id = ${clientId}`
		);
		expect(mail!.body).toContain('North manager wrote: “Found it. It was in Archive.”');
	});
});

describe('the line on Client Details', () => {
	it('leads to the receipt of whom one just left, until it has its note or a quarter of an hour is over', async () => {
		expect(await receipt.readLeft(staff, clientId)).toBeNull();
		await inside.end();
		expect(await receipt.readLeft(staff, clientId)).toMatchObject({ id: inside.impersonationId, held: 0 });
		expect(await receipt.readLeft(await world.staff('admin'), clientId)).toBeNull();
		expect(await receipt.readLeft(staff, world.both.north.clients.unassigned.clientId)).toBeNull();
		await note('Done.');
		expect(await receipt.readLeft(staff, clientId)).toBeNull();
	});
});
