import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClientActor, PortalActor } from '#domain/actor.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composePortal } from '#server/compose/portal.ts';
import type { Parts } from '#server/compose/parts.ts';
import { MAX_FILE_BYTES } from '#server/usecases/files/stage-file.ts';
import { impersonate, impersonationKit, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';
import { streamBody } from '../../src/routes/portal/stream-body.ts';
import { receiveFields, receiveForm } from '../../src/routes/portal/receive-form.ts';

let database: TestDatabase;
let both: TwoAgencies;
let folder: string;
let portal: ReturnType<typeof composePortal>;
let kit: ReturnType<typeof impersonationKit>;

const clientOf = (agencyId: ClientActor['agencyId'], client: SeededClient): ClientActor => ({
	kind: 'client',
	agencyId,
	clientId: client.clientId,
	contactId: client.owner
});
const bea = () => clientOf(both.north.agencyId, both.north.clients.assigned);
const stored = () =>
	readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
const upload = async (name: string, bytes: string | Buffer, actor: PortalActor = bea()) =>
	portal.uploadFile(
		actor,
		await portal.stageFile(actor, name, Readable.from([Buffer.from(bytes)])),
		null,
		NO_ORIGIN
	);
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);

/** A body as a browser would send it, in pieces of this size. */
function multipart(
	parts: { name: string; value: string | Buffer; filename?: string }[],
	end = '--b--\r\n'
): Buffer {
	const chunks = parts.flatMap(({ name, value, filename }) => [
		Buffer.from(
			`--b\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`
		),
		Buffer.from(value),
		Buffer.from('\r\n')
	]);
	return Buffer.concat([...chunks, Buffer.from(end)]);
}
const request = (body: Buffer | Readable, type = 'multipart/form-data; boundary=b') =>
	new Request('http://portal.test/', {
		method: 'POST',
		headers: { 'content-type': type },
		body: (body instanceof Readable ? streamBody(body) : new Uint8Array(body)) as BodyInit,
		duplex: 'half'
	} as RequestInit);
const reader = {
	receive: (name: string, stream: Readable) => portal.stageFile(bea(), name, stream),
	discard: (staged: Awaited<ReturnType<typeof portal.stageFile>>) => portal.discardStaged(staged)
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

it('keeps a path-like file name as a mere name, and writes nothing outside the store', async () => {
	const id = await upload('../../../../tmp/owned.txt', 'x');
	const [row] = await database.sql`SELECT name, blob_key FROM file WHERE id = ${id}`;
	expect(row!['name']).toBe('owned.txt');
	expect(row!['blob_key']).toMatch(/^uploads\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
});

it.each([
	['page.png', '<!doctype html><script>alert(1)</script>', 'text/plain'],
	['logo.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'text/plain'],
	['feed.xml', '<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script/></x>', 'text/plain'],
	['blob.png', Buffer.from([0, 1, 2, 255, 254]), 'application/octet-stream']
])('never previews %s whatever its name claims, and types it as %3$s', async (name, bytes, type) => {
	const id = await upload(name, bytes);
	await expect(portal.previewFile(bea(), id)).rejects.toMatchObject({ code: 'not_found' });
	const file = await portal.downloadFile(bea(), id, NO_ORIGIN);
	expect(file.mediaType).toBe(type);
	file.stream.destroy();
});

it('previews a real image, by its bytes and not by its name', async () => {
	const file = await portal.previewFile(bea(), await upload('photo.html', PNG));
	expect(file.mediaType).toBe('image/png');
	file.stream.destroy();
});

it('answers not found for ids of another client, another agency, and for text that is no id', async () => {
	const { unassigned } = both.north.clients;
	const foreign = [unassigned, both.south.clients.assigned];
	const ids = [...foreign, { taskId: "1' OR 1=1", fileId: '../x', folderId: 'null' }];
	for (const { taskId, fileId, folderId } of ids) {
		for (const attempt of [
			() => portal.readTask(bea(), taskId),
			() => portal.editTask(bea(), taskId, { title: 'x', description: '', dueOn: null }, NO_ORIGIN),
			() => portal.completeTask(bea(), taskId, NO_ORIGIN),
			() => portal.commentOnTask(bea(), taskId, 'x', NO_ORIGIN),
			() => portal.listFolder(bea(), folderId, 1),
			() => portal.createFolder(bea(), 'x', folderId, NO_ORIGIN),
			() => portal.downloadFile(bea(), fileId, NO_ORIGIN),
			() => portal.previewFile(bea(), fileId),
			() => portal.deleteFile(bea(), fileId, NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	}
	const [left] =
		await database.sql`SELECT count(*)::int AS n FROM task WHERE title = 'Seeded task' AND status = 'open'`;
	expect(left!['n']).toBe(8);
});

it('removes the bytes of an upload into a folder of another client, and under its task', async () => {
	const before = stored();
	const { folderId, taskId } = both.south.clients.assigned;
	const stage = () => portal.stageFile(bea(), 'x.txt', Readable.from([Buffer.from('x')]));
	await expect(portal.uploadFile(bea(), await stage(), folderId, NO_ORIGIN)).rejects.toMatchObject({
		code: 'not_found'
	});
	await expect(portal.attachFile(bea(), await stage(), taskId, NO_ORIGIN)).rejects.toMatchObject({
		code: 'not_found'
	});
	expect(stored()).toBe(before);
});

it('refuses a file past 100 MB and keeps nothing of it', async () => {
	const before = stored();
	const chunk = Buffer.alloc(1024 * 1024);
	const pieces = function* () {
		for (let n = 0; n <= MAX_FILE_BYTES / chunk.length; n += 1) yield chunk;
	};
	await expect(portal.stageFile(bea(), 'huge.bin', Readable.from(pieces()))).rejects.toMatchObject({
		code: 'too_large'
	});
	expect(stored()).toBe(before);
});

it('cuts off a body without a length that never ends', async () => {
	const before = stored();
	let sent = 0;
	const endless = new Readable({
		read() {
			if (sent === 0)
				this.push(multipart([], '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'));
			sent += 1;
			this.push(Buffer.alloc(4 * 1024 * 1024));
		}
	});
	await expect(receiveForm(request(endless), reader)).rejects.toMatchObject({ code: 'too_large' });
	expect(sent).toBeLessThan(60);
	expect(stored()).toBe(before);
});

it('keeps nothing of an upload that breaks off in the middle', async () => {
	const before = stored();
	const whole = multipart([{ name: 'file', filename: 'a.txt', value: 'x'.repeat(300_000) }]);
	await expect(receiveForm(request(whole.subarray(0, 200_000)), reader)).rejects.toMatchObject({
		code: 'invalid'
	});
	expect(stored()).toBe(before);
});

it('stores nothing of a second file, of a form of another kind, or of an empty choice', async () => {
	const before = stored();
	const none = await receiveForm(request(multipart([{ name: 'file', filename: '', value: '' }])), reader);
	expect(none.file).toBeNull();
	await expect(receiveForm(request(Buffer.from('{}'), 'application/json'), reader)).rejects.toMatchObject({
		code: 'invalid'
	});
	await expect(receiveForm(request(Buffer.from('x'), 'multipart/form-data'), reader)).rejects.toMatchObject({
		code: 'invalid'
	});
	expect(stored()).toBe(before);
	const two = await receiveForm(
		request(multipart(['a', 'b'].map((n) => ({ name: 'file', filename: `${n}.txt`, value: n })))),
		reader
	);
	expect(two.file?.name).toBe('a.txt');
	expect(stored()).toBe(before + 1);
});

it('gives back what was typed in a refused form, and lets its file go', async () => {
	const before = stored();
	const body = multipart([
		{ name: 'title', value: 'Kept' },
		{ name: '__proto__', value: 'polluted' },
		{ name: 'file', filename: 'a.txt', value: 'x'.repeat(500_000) }
	]);
	const fields = await receiveFields(request(body));
	expect(fields['title']).toBe('Kept');
	expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
	expect(stored()).toBe(before);
});

it('refuses an upload that was staged in act mode and finished after a freeze, and removes its bytes', async () => {
	const { agencyId, staff, clients } = both.north;
	const { clientId, owner: contactId } = clients.assigned;
	const who = { agencyId, staffId: staff.manager, clientId, contactId, mode: 'act' as const };
	const { actor, impersonationId } = await impersonate(database.db, who, kit);
	const before = stored();
	await portal.requireUpload(actor, 'file.uploaded', NO_ORIGIN);
	const staged = await portal.stageFile(actor, 'late.txt', Readable.from([Buffer.from('late')]));
	await database.owner`UPDATE impersonation SET frozen_at = now(), freeze_note = 'Stop please',
		frozen_by = ${staff.supervisor} WHERE id = ${impersonationId}`;
	await expect(portal.uploadFile(actor, staged, null, NO_ORIGIN)).rejects.toMatchObject({
		code: 'frozen',
		message: expect.stringContaining('Stop please')
	});
	expect(stored()).toBe(before);
});

it('keeps a script in client content as the text it is', async () => {
	const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
	const input = { title: script, description: script, dueOn: null };
	const id = await portal.createTask(bea(), input, NO_ORIGIN);
	expect(await portal.readTask(bea(), id)).toMatchObject({ title: script, description: script });
	const file = await portal.downloadFile(bea(), await upload(`${script}.txt`, 'x'), NO_ORIGIN);
	expect(file.name).toBe('script><img src=x onerror=alert(1)>.txt');
	expect(await text(file.stream)).toBe('x');
});

it('survives a browser that breaks a download off, and closes the file', async () => {
	const id = await upload('big.bin', Buffer.alloc(5_000_000));
	const file = await portal.downloadFile(bea(), id, NO_ORIGIN);
	const body = streamBody(file.stream).getReader();
	expect((await body.read()).value?.length).toBeGreaterThan(0);
	await body.cancel();
	expect(file.stream.destroyed).toBe(true);
});
