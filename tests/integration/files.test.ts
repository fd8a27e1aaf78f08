import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FolderQuery } from '#server/usecases/files/list-folder.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { SAMPLE_BYTES } from '#support/two-agencies.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

let world: WorkWorld;
beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());
beforeEach(() => world.setUp({}));

const TOP: FolderQuery = { folder: null, q: '', sort: 'name', page: 1 };
const list = (query: Partial<FolderQuery> = {}) =>
	world.files.listFolder(world.contact(), { ...TOP, ...query });
const folder = (name: string, parentId: string | null = null) =>
	world.files.createFolder(world.contact(), { name, parentId }, NO_ORIGIN);
const names = async (query: Partial<FolderQuery>) => (await list(query)).files.map((file) => file.name);
const streamOf = (bytes: string) => Readable.from([Buffer.from(bytes)]);
const refused = (code: string, field?: string) =>
	expect.objectContaining({ code, ...(field && { details: expect.objectContaining({ field }) }) });

describe('files in folders', () => {
	it('are uploaded, listed, downloaded with their action and found in every folder', async () => {
		const me = world.contact();
		const photos = await folder('Photos');
		const id = await world.upload(me, { name: 'note.txt', bytes: 'hello', folderId: photos });
		expect(await list({ folder: photos })).toMatchObject({
			path: [{ name: 'Photos' }],
			total: 1,
			files: [{ name: 'note.txt', bytes: 5, mediaType: 'text/plain', place: { name: 'Photos' } }]
		});
		const file = await world.files.download(me, { id }, NO_ORIGIN);
		expect(await text(file.stream)).toBe('hello');
		expect(await world.lastAction()).toMatchObject({ action: 'file.downloaded', subject_id: id });
		expect(await names({ q: 'NOTE' })).toEqual(['note.txt']);
		expect((await list({ q: 'phot' })).folders.map((one) => one.name)).toEqual(['Photos']);
		expect(await world.files.readText(me, id)).toEqual({ text: 'hello', isCut: false });
	});

	it('are sorted by name, size and age', async () => {
		const place = await folder('Sorted');
		for (const [name, bytes] of [
			['b.txt', 'xx'],
			['a.txt', 'xxx'],
			['c.txt', 'x']
		] as const)
			await world.upload(world.contact(), { name, bytes, folderId: place });
		expect(await names({ folder: place })).toEqual(['a.txt', 'b.txt', 'c.txt']);
		expect(await names({ folder: place, sort: '-size' })).toEqual(['a.txt', 'b.txt', 'c.txt']);
		expect(await names({ folder: place, sort: 'size' })).toEqual(['c.txt', 'b.txt', 'a.txt']);
		expect(await names({ folder: place, sort: '-added' })).toEqual(['c.txt', 'a.txt', 'b.txt']);
	});

	it('stand behind the folders of their place, and both are reached page by page', async () => {
		const me = world.contact(world.both.north.clients.unassigned);
		const { agencyId, clientId } = me;
		const many = await world.files.createFolder(me, { name: 'Many', parentId: null }, NO_ORIGIN);
		const sql = world.database.owner;
		await sql`INSERT INTO folder (id, agency_id, client_id, parent_id, name)
			SELECT gen_random_uuid(), ${agencyId}, ${clientId}, ${many}, 'Folder ' || lpad(n::text, 3, '0')
			FROM generate_series(1, 40) n`;
		for (let n = 0; n < 3; n += 1)
			await world.upload(me, { name: `file-${n}.txt`, bytes: 'x', folderId: many });
		const read = (page: number, sort: FolderQuery['sort'] = 'name') =>
			world.files.listFolder(me, { folder: many, q: '', sort, page });
		const pages = await Promise.all([1, 2, 3].map((page) => read(page)));
		expect(pages.map(({ folders, files, total }) => [folders.length, files.length, total])).toEqual([
			[25, 0, 43],
			[15, 3, 43],
			[0, 0, 43]
		]);
		await sql`INSERT INTO folder (id, agency_id, client_id, parent_id, name)
			SELECT gen_random_uuid(), ${agencyId}, ${clientId}, ${many}, 'Folder ' || n FROM generate_series(41, 49) n`;
		expect([(await read(2)).files.length, (await read(3)).files.length]).toEqual([1, 2]);
		expect((await read(1, '-name')).folders[0]?.name).toBe('Folder 49');
		await sql`INSERT INTO folder (id, agency_id, client_id, name)
			SELECT gen_random_uuid(), ${agencyId}, ${clientId}, 'Top ' || n FROM generate_series(1, 960) n`;
		await expect(
			world.files.createFolder(me, { name: 'One more', parentId: many }, NO_ORIGIN)
		).rejects.toEqual(refused('conflict', 'name'));
		expect((await world.files.listPlaces(me)).length).toBeGreaterThan(1_000);
	});

	it('keep their ending when a new name leaves it out, and never become a program', async () => {
		const me = world.contact();
		const id = await world.upload(me, { name: 'draft.txt', bytes: 'x' });
		await world.files.rename(me, { id, name: 'Final offer' }, NO_ORIGIN);
		expect((await world.files.read(me, id)).name).toBe('Final offer.txt');
		await expect(world.files.rename(me, { id, name: 'setup.exe' }, NO_ORIGIN)).rejects.toEqual(
			refused('invalid', 'file')
		);
	});

	it('refuses a second folder of the same name beside the first, whatever its case', async () => {
		const parent = await folder('Brand');
		const logos = await folder('Logos', parent);
		await expect(folder('LOGOS', parent)).rejects.toEqual(refused('conflict', 'name'));
		const other = await folder('Other', parent);
		const rename = { id: other, name: 'logos' };
		await expect(world.files.renameFolder(world.contact(), rename, NO_ORIGIN)).rejects.toEqual(
			refused('conflict', 'name')
		);
		await world.files.renameFolder(world.contact(), { id: logos, name: 'LOGOS' }, NO_ORIGIN);
		expect((await list({ folder: logos })).path.map((one) => one.name)).toEqual(['Brand', 'LOGOS']);
	});

	it('move, but a folder never into itself or below itself, and never too deep', async () => {
		const me = world.contact();
		const outer = await folder('Outer');
		const inner = await folder('Inner', outer);
		const id = await world.upload(me, { name: 'moved.txt', bytes: 'x' });
		await world.files.move(me, { id, to: inner }, NO_ORIGIN);
		expect(await names({ folder: inner })).toEqual(['moved.txt']);
		for (const to of [outer, inner])
			await expect(world.files.moveFolder(me, { id: outer, to }, NO_ORIGIN)).rejects.toEqual(
				refused('invalid', 'to')
			);
		await world.files.moveFolder(me, { id: inner, to: '' }, NO_ORIGIN);
		expect((await list({ folder: inner })).path.map((one) => one.name)).toEqual(['Inner']);
		let deepest = outer;
		for (let level = 2; level <= 12; level += 1) deepest = await folder(`Level ${level}`, deepest);
		await expect(folder('Too deep', deepest)).rejects.toEqual(refused('invalid', 'name'));
		await expect(world.files.moveFolder(me, { id: inner, to: deepest }, NO_ORIGIN)).rejects.toEqual(
			refused('invalid', 'name')
		);
	});
});

describe('deleting', () => {
	it('takes a file out of lists and search, and gives it back where it lay', async () => {
		const me = world.contact();
		const place = await folder('Undo');
		const id = await world.upload(me, { name: 'undo-me.txt', bytes: 'x', folderId: place });
		await world.files.delete(me, { id }, NO_ORIGIN);
		expect([await names({ folder: place }), await names({ q: 'undo-me' })]).toEqual([[], []]);
		await expect(world.files.download(me, { id }, NO_ORIGIN)).rejects.toEqual(refused('not_found'));
		const deleted = await world.files.listDeleted(me, { page: 1 });
		expect(deleted.rows[0]).toMatchObject({ kind: 'file', name: 'undo-me.txt', bytes: 1 });
		await world.files.restore(me, { id }, NO_ORIGIN);
		expect(await names({ folder: place })).toEqual(['undo-me.txt']);
		await expect(world.files.restore(me, { id }, NO_ORIGIN)).rejects.toEqual(refused('not_found'));
	});

	it('lists what was deleted by day, name and size, files and folders alike', async () => {
		const me = world.contact(world.both.north.clients.optedOut);
		const place = await world.files.createFolder(me, { name: 'Middle', parentId: null }, NO_ORIGIN);
		await world.upload(me, { name: 'in it.txt', bytes: 'xx', folderId: place });
		const small = await world.upload(me, { name: 'Zebra.txt', bytes: 'x' });
		const large = await world.upload(me, { name: 'apple.txt', bytes: 'xxx' });
		await world.files.delete(me, { id: large }, NO_ORIGIN);
		await world.files.deleteFolder(me, { id: place }, NO_ORIGIN);
		await world.files.delete(me, { id: small }, NO_ORIGIN);
		const sorted = async (sort?: '-deleted' | 'deleted' | 'name' | '-size') =>
			(await world.files.listDeleted(me, { page: 1, ...(sort && { sort }) })).rows.map(({ name }) => name);
		expect(await sorted()).toEqual(['Zebra.txt', 'Middle', 'apple.txt']);
		expect(await sorted('deleted')).toEqual(['apple.txt', 'Middle', 'Zebra.txt']);
		expect(await sorted('name')).toEqual(['apple.txt', 'Middle', 'Zebra.txt']);
		expect(await sorted('-size')).toEqual(['apple.txt', 'Middle', 'Zebra.txt']);
	});

	it('takes along what is in a folder, and brings back that and nothing else', async () => {
		const me = world.contact();
		const outer = await folder('Whole');
		const inner = await folder('Part', outer);
		const before = await world.upload(me, { name: 'before.txt', bytes: 'x', folderId: inner });
		await world.upload(me, { name: 'along.txt', bytes: 'xyz', folderId: inner });
		await world.files.delete(me, { id: before }, NO_ORIGIN);
		await world.files.deleteFolder(me, { id: outer }, NO_ORIGIN);
		expect(await names({ q: 'along' })).toEqual([]);
		await expect(list({ folder: inner })).rejects.toEqual(refused('not_found'));
		const { rows } = await world.files.listDeleted(me, { page: 1 });
		expect(rows[0]).toMatchObject({ kind: 'folder', name: 'Whole', bytes: 3, files: 1 });
		expect(rows.map((row) => row.name)).not.toContain('along.txt');
		const again = await folder('Whole');
		await world.files.restoreFolder(me, { id: outer }, NO_ORIGIN);
		expect((await list({ folder: inner })).path.map((one) => one.name)).toEqual(['Whole (restored)', 'Part']);
		expect(await names({ folder: inner })).toEqual(['along.txt']);
		expect((await list({ folder: again })).total).toBe(0);
	});

	it('keeps the bytes for 30 days, and then removes them for good', async () => {
		const me = world.contact();
		const id = await world.upload(me, { name: 'old.txt', bytes: 'old' });
		await world.files.delete(me, { id }, NO_ORIGIN);
		const stored = world.stored();
		await world.files.purge();
		expect(world.stored()).toBe(stored);
		await world.database.owner`UPDATE file SET deleted_at = now() - interval '31 days' WHERE id = ${id}`;
		await expect(world.files.restore(me, { id }, NO_ORIGIN)).rejects.toEqual(refused('not_found'));
		expect(await world.files.purge()).toBe(1);
		expect(world.stored()).toBe(stored - 1);
		expect(await world.files.purge()).toBe(0);
	});
});

describe('the quota', () => {
	const limit = (bytes: number | null) =>
		world.database.owner`UPDATE client SET quota_bytes = ${bytes} WHERE id = ${world.contact().clientId}`;

	it('refuses what no longer fits, says what is free, and counts deleted files no more', async () => {
		const me = world.contact();
		const id = await world.upload(me, { name: 'big.bin', bytes: Buffer.alloc(3_000) });
		const { quota } = await list();
		await limit(quota.usedBytes + 1_000);
		const stored = world.stored();
		await expect(world.upload(me, { name: 'more.bin', bytes: Buffer.alloc(2_000) })).rejects.toMatchObject({
			code: 'too_large',
			message: expect.stringContaining('This needs 2 KB, and 1 KB of')
		});
		expect(world.stored()).toBe(stored);
		await world.files.delete(me, { id }, NO_ORIGIN);
		await world.upload(me, { name: 'more.bin', bytes: Buffer.alloc(2_000) });
		await expect(world.files.restore(me, { id }, NO_ORIGIN)).rejects.toEqual(refused('too_large'));
		await limit(null);
	});

	it('lets only one of two uploads through that fit alone and not together', async () => {
		const { quota } = await list();
		await limit(quota.usedBytes + 1_500);
		const answers = await Promise.allSettled(
			['one.bin', 'two.bin'].map((name) =>
				world.upload(world.contact(), { name, bytes: Buffer.alloc(1_000) })
			)
		);
		expect(answers.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected']);
		expect((await list()).quota.usedBytes).toBe(quota.usedBytes + 1_000);
		await limit(null);
	});
});

describe('attachments, and staff', () => {
	it('puts an attachment under its task and not among the folders', async () => {
		const me = world.contact();
		const id = await world.tasks.create(me, { title: 'With a file', description: '' }, NO_ORIGIN);
		const staged = await world.files.stageFile(me, 'brief.txt', streamOf('brief'));
		const fileId = await world.tasks.attach(me, staged, { id }, NO_ORIGIN);
		expect((await world.tasks.read(me, id)).files).toMatchObject([{ name: 'brief.txt', bytes: 5 }]);
		expect(await names({ q: 'brief' })).toEqual([]);
		await expect(world.files.delete(me, { id: fileId }, NO_ORIGIN)).rejects.toEqual(refused('not_found'));
		await world.tasks.delete(me, { id }, NO_ORIGIN);
		await expect(world.files.download(me, { id: fileId }, NO_ORIGIN)).rejects.toEqual(refused('not_found'));
	});

	it('lets staff work in the folders of their clients, under the client in the log', async () => {
		const admin = await world.staff('admin');
		const { clientId } = world.both.north.clients.assigned;
		const made = { name: 'From the agency', parentId: null, clientId };
		const place = await world.files.createFolder(admin, made, NO_ORIGIN);
		const id = await world.upload(admin, { name: 'report.txt', bytes: 'r', folderId: place, clientId });
		await world.files.rename(admin, { id, name: 'Report May' }, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({
			action: 'file.renamed',
			client_id: clientId,
			contact_id: null,
			actor_staff_id: world.both.north.staff.admin
		});
		const seen = await list({ folder: place });
		expect(seen.files[0]).toMatchObject({
			name: 'Report May.txt',
			maker: { contact: null, staff: 'North admin' }
		});
		const seeded = { id: world.both.north.clients.assigned.fileId };
		const file = await world.files.download(admin, seeded, NO_ORIGIN);
		expect(await text(file.stream)).toBe(SAMPLE_BYTES.toString());
		expect(await world.lastAction()).toMatchObject({ action: 'file.downloaded', client_id: clientId });
		const supervisor = await world.staff('supervisor');
		await expect(world.files.delete(supervisor, { id }, NO_ORIGIN)).rejects.toEqual(refused('not_allowed'));
	});
});
