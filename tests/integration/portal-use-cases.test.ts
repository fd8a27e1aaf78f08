import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { ClientActor, PortalActor } from '#domain/actor.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composePortal } from '#server/compose/portal.ts';
import type { Parts } from '#server/compose/parts.ts';
import { impersonate, impersonationKit, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { SAMPLE_BYTES, seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let folder: string;
let portal: ReturnType<typeof composePortal>;
let kit: ReturnType<typeof impersonationKit>;

const ALL = { status: 'all', waiting: false, q: '', page: 1 } as const;
const task = (title: string) => ({ title, description: '', dueOn: null });
const as = (agency: 'north' | 'south', client: SeededClient, contact = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: both[agency].agencyId,
	clientId: client.clientId,
	contactId: contact
});
const owner = () => as('north', both.north.clients.assigned);
const lastAction = async () => {
	const [row] = await database.sql<Record<string, string>[]>`
		SELECT action, outcome, refusal, contact_id, actor_staff_id, subject_id FROM action ORDER BY seq DESC LIMIT 1`;
	return row!;
};
const upload = async (
	actor: PortalActor,
	name: string,
	bytes: string | Buffer,
	into: string | null = null
) => {
	const staged = await portal.stageFile(actor, name, Readable.from([Buffer.from(bytes)]));
	return portal.uploadFile(actor, staged, into, NO_ORIGIN);
};

beforeAll(async () => {
	database = await createTestDatabase();
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-portal-'));
	const blobs = await FileBlobs.open(folder);
	both = await seedTwoAgencies(database.db, blobs);
	kit = impersonationKit(database.db);
	portal = composePortal({ db: database.db, act: kit.act, ids: testIds, blobs } as unknown as Parts);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Inside as the owner of the assigned client; ended before the next one begins. */
async function inside(mode: 'act' | 'view') {
	const { clientId, owner: contactId } = both.north.clients.assigned;
	const { agencyId, staff } = both.north;
	const made = await impersonate(
		database.db,
		{ agencyId, staffId: staff.manager, clientId, contactId, mode },
		kit
	);
	const end = () => kit.end(made.actor, { impersonationId: made.impersonationId, reason: 'switch_back' });
	return { ...made, end };
}

describe('tasks', () => {
	it('creates, edits, comments on, completes and reopens, each with its action', async () => {
		const id = await portal.createTask(owner(), { ...task('Menu'), dueOn: '2027-01-31' }, NO_ORIGIN);
		await portal.editTask(owner(), id, { ...task('New menu'), description: 'For spring' }, NO_ORIGIN);
		await portal.commentOnTask(owner(), id, 'Soon please', NO_ORIGIN);
		await portal.completeTask(owner(), id, NO_ORIGIN);
		expect(await portal.readTask(owner(), id)).toMatchObject({
			title: 'New menu',
			status: 'done',
			dueOn: null,
			completedAt: expect.any(Number),
			comments: [{ body: 'Soon please', maker: { contact: 'Owner of North Assigned', staff: null } }]
		});
		await expect(portal.completeTask(owner(), id, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
		await portal.reopenTask(owner(), id, NO_ORIGIN);
		const rows = await database.sql`SELECT action FROM action WHERE subject_id = ${id} ORDER BY seq`;
		expect(rows.map((row) => row['action'])).toEqual([
			'task.created',
			'task.edited',
			'task.commented',
			'task.completed',
			'task.reopened'
		]);
	});

	it('finds by words, where % is only a sign, and pages by 25', async () => {
		for (let n = 1; n <= 30; n += 1) await portal.createTask(owner(), task(`Batch ${n}`), NO_ORIGIN);
		await portal.createTask(owner(), task('100% organic'), NO_ORIGIN);
		const found = await portal.listTasks(owner(), { ...ALL, q: '0% ORG' });
		expect(found.rows.map((row) => row.title)).toEqual(['100% organic']);
		expect((await portal.listTasks(owner(), { ...ALL, q: '%' })).total).toBe(1);
		const first = await portal.listTasks(owner(), { ...ALL, q: 'batch' });
		const second = await portal.listTasks(owner(), { ...ALL, q: 'batch', page: 2 });
		expect([first.total, first.rows.length, second.rows.length]).toEqual([30, 25, 5]);
	});

	it('lists as waiting only what is open and waits on the client', async () => {
		const id = await portal.createTask(owner(), task('Send us your logo'), NO_ORIGIN);
		await database.owner`UPDATE task SET waiting_on = 'client' WHERE id = ${id}`;
		const waiting = await portal.listTasks(owner(), { ...ALL, waiting: true });
		expect(waiting.rows.map((row) => row.title)).toEqual(['Send us your logo']);
		expect((await portal.readHome(owner())).waiting?.rows[0]?.title).toBe('Send us your logo');
		await portal.completeTask(owner(), id, NO_ORIGIN);
		expect((await portal.listTasks(owner(), { ...ALL, waiting: true })).total).toBe(0);
	});

	it('hides tasks that are internal to the agency from every read and change', async () => {
		const id = await portal.createTask(owner(), task('Internal'), NO_ORIGIN);
		await database.owner`UPDATE task SET client_visible = false WHERE id = ${id}`;
		expect((await portal.listTasks(owner(), { ...ALL, q: 'Internal' })).total).toBe(0);
		expect((await portal.readHome(owner())).news.map((n) => n.label)).not.toContain('Internal');
		for (const attempt of [
			() => portal.readTask(owner(), id),
			() => portal.editTask(owner(), id, task('Mine'), NO_ORIGIN),
			() => portal.commentOnTask(owner(), id, 'hello', NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	});
});

describe('rights and visibility', () => {
	it('shows no invoice, no sum and no news of one to a contact without the billing right', async () => {
		const { clients } = both.north;
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
		const south = as('south', both.south.clients.assigned);
		const setup = database.owner.json({ tasks: { hidden: true }, files: { hidden: true } });
		await database.owner`UPDATE client SET portal_setup = ${setup} WHERE id = ${south.clientId}`;
		await expect(portal.listTasks(south, ALL)).rejects.toMatchObject({ code: 'not_found' });
		await expect(portal.createTask(south, task('x'), NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await lastAction()).toMatchObject({ action: 'task.created', outcome: 'refused' });
		const home = await portal.readHome(south);
		expect([home.waiting, home.news.map((n) => n.kind)]).toEqual([null, ['invoice']]);
		const { fileId } = both.south.clients.assigned;
		await expect(portal.downloadFile(south, fileId, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await database.owner`UPDATE client SET portal_setup = '{}' WHERE id = ${south.clientId}`;
	});
});

describe('files', () => {
	it('uploads into a folder, lists, downloads with its action, and deletes', async () => {
		const folderId = await portal.createFolder(owner(), 'Photos', null, NO_ORIGIN);
		const id = await upload(owner(), 'note.txt', 'hello', folderId);
		const list = await portal.listFolder(owner(), folderId, 1);
		expect(list).toMatchObject({ path: [{ name: 'Photos' }], total: 1 });
		expect(list.files[0]).toMatchObject({ name: 'note.txt', bytes: 5, mediaType: 'text/plain' });
		const file = await portal.downloadFile(owner(), id, NO_ORIGIN);
		expect(await text(file.stream)).toBe('hello');
		expect(await lastAction()).toMatchObject({ action: 'file.downloaded', outcome: 'done', subject_id: id });
		await portal.deleteFile(owner(), id, NO_ORIGIN);
		expect((await portal.listFolder(owner(), folderId, 1)).total).toBe(0);
		await expect(portal.downloadFile(owner(), id, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
	});

	it('refuses a second folder of the same name beside the first, whatever its case', async () => {
		const parent = await portal.createFolder(owner(), 'Brand', null, NO_ORIGIN);
		await portal.createFolder(owner(), 'Logos', parent, NO_ORIGIN);
		await expect(portal.createFolder(owner(), 'LOGOS', parent, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict',
			details: { field: 'name' }
		});
	});

	it('reads a seeded file and keeps its bytes as they were', async () => {
		const file = await portal.downloadFile(owner(), both.north.clients.assigned.fileId, NO_ORIGIN);
		expect(await text(file.stream)).toBe(SAMPLE_BYTES.toString());
	});

	it('puts an attachment under its task and not among the folders', async () => {
		const taskId = await portal.createTask(owner(), task('With a file'), NO_ORIGIN);
		const staged = await portal.stageFile(owner(), 'brief.txt', Readable.from([Buffer.from('brief')]));
		await portal.attachFile(owner(), staged, taskId, NO_ORIGIN);
		expect((await portal.readTask(owner(), taskId)).files).toMatchObject([{ name: 'brief.txt', bytes: 5 }]);
		const top = await portal.listFolder(owner(), null, 1);
		expect(top.files.map((f) => f.name)).not.toContain('brief.txt');
		expect(await lastAction()).toMatchObject({ action: 'task.file_attached', subject_id: taskId });
	});
});

describe('while impersonating', () => {
	it('keeps the staff member beside the contact on everything that is made', async () => {
		const { actor, end } = await inside('act');
		const id = await portal.createTask(actor, task('Made inside'), NO_ORIGIN);
		await portal.commentOnTask(actor, id, 'From inside', NO_ORIGIN);
		await upload(actor, 'inside.txt', 'x');
		await end();
		const maker = { contact: 'Owner of North Assigned', staff: 'North manager' };
		const read = await portal.readTask(owner(), id);
		expect([read.maker, read.comments[0]?.maker]).toEqual([maker, maker]);
		const { files } = await portal.listFolder(owner(), null, 1);
		expect(files.find((f) => f.name === 'inside.txt')?.maker).toEqual(maker);
		const [row] = await database.sql`SELECT impersonation_id FROM task WHERE id = ${id}`;
		expect(row!['impersonation_id']).toBe(actor.impersonationId);
	});

	it('refuses every change in view mode with its reason in the log, and lets reads and downloads through', async () => {
		const { actor, end } = await inside('view');
		const { taskId, fileId } = both.north.clients.assigned;
		for (const attempt of [
			() => portal.createTask(actor, task('No'), NO_ORIGIN),
			() => portal.editTask(actor, taskId, task('No'), NO_ORIGIN),
			() => portal.completeTask(actor, taskId, NO_ORIGIN),
			() => portal.commentOnTask(actor, taskId, 'No', NO_ORIGIN),
			() => portal.createFolder(actor, 'No', null, NO_ORIGIN),
			() => portal.deleteFile(actor, fileId, NO_ORIGIN),
			() => portal.requireUpload(actor, 'file.uploaded', NO_ORIGIN)
		]) {
			await expect(attempt()).rejects.toMatchObject({ code: 'view_only' });
			expect(await lastAction()).toMatchObject({
				outcome: 'refused',
				refusal: 'view_only',
				actor_staff_id: both.north.staff.manager
			});
		}
		expect((await portal.readTask(actor, taskId)).title).toBe('Seeded task');
		const file = await portal.downloadFile(actor, fileId, NO_ORIGIN);
		expect(await text(file.stream)).toBe(SAMPLE_BYTES.toString());
		await end();
	});

	it('leaves no row when an upload is only asked about', async () => {
		const [before] = await database.sql`SELECT count(*) AS n FROM action`;
		await portal.requireUpload(owner(), 'file.uploaded', NO_ORIGIN);
		const [after] = await database.sql`SELECT count(*) AS n FROM action`;
		expect(after).toEqual(before);
	});
});

describe('access history', () => {
	it('tells the owner all, another contact only their own, and nobody the details', async () => {
		const { actor, end } = await inside('act');
		await database.db.execute(sql`UPDATE impersonation SET ticket = '812', details = 'secret note of staff'
			WHERE id = ${actor.impersonationId}`);
		for (const [address, label] of [
			['/', null],
			['/tasks', null],
			['/tasks', null],
			['/tasks/1', 'Seeded task']
		])
			await database.db
				.execute(sql`INSERT INTO view (id, agency_id, impersonation_id, kind, address, subject_label, status)
				VALUES (${testIds.uuid()}, ${actor.agencyId}, ${actor.impersonationId}, 'page', ${address}, ${label}, 200)`);
		await portal.createTask(actor, task('Seen in history'), NO_ORIGIN);
		const running = await portal.readAccessHistory(owner(), 1);
		expect(running.rows[0]).toMatchObject({ endedAt: null, staff: 'North manager' });
		await end();
		const history = await portal.readAccessHistory(owner(), 1);
		expect(history.rows[0]).toMatchObject({
			sentence: 'North manager looked at 3 pages and made 1 change, because of ticket 812.',
			reason: 'Support',
			mode: 'act',
			endedAt: expect.any(Number),
			done: [{ title: 'Created task', label: 'Seen in history', refused: false }]
		});
		expect(history.rows[0]!.viewed.map((v) => v.label)).toEqual(['Home', 'Tasks', 'Tasks: Seeded task']);
		expect(JSON.stringify(history)).not.toContain('secret note');
		const { assigned } = both.north.clients;
		expect((await portal.readAccessHistory(as('north', assigned, assigned.contact), 1)).total).toBe(0);
		const visits = async (who: ClientActor) =>
			(await portal.readHome(who)).news.filter((n) => n.kind === 'visit');
		expect(await visits(owner())).toContainEqual(
			expect.objectContaining({ label: expect.stringMatching(/^Support/) })
		);
		expect(await visits(as('north', assigned, assigned.contact))).toEqual([]);
		expect((await portal.readAccessHistory(as('south', both.south.clients.assigned), 1)).total).toBe(0);
	});
});
