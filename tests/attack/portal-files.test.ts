import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PortalActor } from '#domain/actor.ts';
import { MAX_FILE_BYTES, type StagedFile } from '#server/usecases/files/stage-file.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';
import { streamBody } from '../../src/routes/portal/stream-body.ts';
import { receiveFields, receiveForm } from '../../src/routes/portal/receive-form.ts';

let world: WorkWorld;
const bea = () => world.contact();
const stored = () => world.stored();
const stage = (name: string, bytes: string | Buffer, actor: PortalActor = bea()) =>
	world.files.stageFile(actor, name, Readable.from([Buffer.from(bytes)]));
const upload = (name: string, bytes: string | Buffer) => world.upload(bea(), { name, bytes });
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
	receive: (name: string, stream: Readable) => world.files.stageFile(bea(), name, stream),
	discard: (staged: StagedFile) => world.files.discardStaged(staged)
};

beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());

it('keeps a path-like file name as a mere name, and writes nothing outside the store', async () => {
	const id = await upload('../../../../tmp/owned.txt', 'x');
	const [row] = await world.database.sql`SELECT name, blob_key FROM file WHERE id = ${id}`;
	expect(row!['name']).toBe('owned.txt');
	expect(row!['blob_key']).toMatch(/^uploads\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
});

it.each([
	['page.png', '<!doctype html><script>alert(1)</script>'],
	['logo.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
	['feed.xml', '<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script/></x>'],
	['offer.pdf', Buffer.from('MZ\x90\0\x03')],
	['offer.pdf.exe', 'only text']
])('takes no %s that would run when it is opened, and keeps nothing of it', async (name, bytes) => {
	const before = stored();
	await expect(upload(name, bytes)).rejects.toMatchObject({ code: 'invalid', details: { field: 'file' } });
	expect(stored()).toBe(before);
});

it.each([
	['blob.png', Buffer.from([0, 1, 2, 255, 254]), 'application/octet-stream'],
	['plain.svg', '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', 'text/plain']
])('types %s by its bytes whatever its name claims', async (name, bytes, type) => {
	const file = await world.files.download(bea(), { id: await upload(name, bytes) }, NO_ORIGIN);
	expect(file.mediaType).toBe(type);
	file.stream.destroy();
});

it('previews a real image, by its bytes and not by its name', async () => {
	const file = await world.files.preview(bea(), await upload('photo.pdf', PNG));
	expect(file.mediaType).toBe('image/png');
	file.stream.destroy();
});

it('answers not found for ids of another client, another agency, and for text that is no id', async () => {
	const { unassigned } = world.both.north.clients;
	const foreign = [unassigned, world.both.south.clients.assigned];
	const own = world.both.north.clients.assigned;
	const all = [...foreign, { taskId: "1' OR 1=1", fileId: '../x', folderId: 'null' }];
	const top = { q: '', sort: 'name', page: 1 } as const;
	const { files, tasks } = world;
	for (const { taskId, fileId, folderId } of all) {
		for (const attempt of [
			() => tasks.read(bea(), taskId),
			() => tasks.edit(bea(), { id: taskId, title: 'x', description: '' }, NO_ORIGIN),
			() => tasks.complete(bea(), { id: taskId }, NO_ORIGIN),
			() => tasks.comment(bea(), { id: taskId, body: 'x' }, NO_ORIGIN),
			() => tasks.delete(bea(), { id: taskId }, NO_ORIGIN),
			() => tasks.restore(bea(), { id: taskId }, NO_ORIGIN),
			() => files.listFolder(bea(), { ...top, folder: folderId }),
			() => files.createFolder(bea(), { name: 'x', parentId: folderId }, NO_ORIGIN),
			() => files.renameFolder(bea(), { id: folderId, name: 'x' }, NO_ORIGIN),
			() => files.moveFolder(bea(), { id: folderId, to: '' }, NO_ORIGIN),
			() => files.moveFolder(bea(), { id: own.folderId, to: folderId }, NO_ORIGIN),
			() => files.deleteFolder(bea(), { id: folderId }, NO_ORIGIN),
			() => files.restoreFolder(bea(), { id: folderId }, NO_ORIGIN),
			() => files.move(bea(), { id: own.fileId, to: folderId }, NO_ORIGIN),
			() => files.move(bea(), { id: fileId, to: own.folderId }, NO_ORIGIN),
			() => files.rename(bea(), { id: fileId, name: 'x' }, NO_ORIGIN),
			() => files.download(bea(), { id: fileId }, NO_ORIGIN),
			() => files.preview(bea(), fileId),
			() => files.read(bea(), fileId),
			() => files.readText(bea(), fileId),
			() => files.delete(bea(), { id: fileId }, NO_ORIGIN),
			() => files.restore(bea(), { id: fileId }, NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	}
	const [left] = await world.database.sql`SELECT count(*)::int AS n FROM task
		WHERE title = 'Seeded task' AND status = 'open' AND deleted_at IS NULL`;
	expect(left!['n']).toBe(8);
	const [kept] = await world.database
		.sql`SELECT count(*)::int AS n FROM file f JOIN folder d ON d.id = f.folder_id
		AND d.client_id = f.client_id WHERE f.name = 'seeded.txt' AND f.deleted_at IS NULL`;
	expect(kept!['n']).toBe(8);
});

it('restores nothing that another client deleted', async () => {
	const { fileId, folderId, taskId } = world.both.south.clients.assigned;
	await world.files.delete(world.other(), { id: fileId }, NO_ORIGIN);
	await world.files.deleteFolder(world.other(), { id: folderId }, NO_ORIGIN);
	await world.tasks.delete(world.other(), { id: taskId }, NO_ORIGIN);
	const admin = await world.staff('admin');
	for (const actor of [bea(), admin])
		for (const attempt of [
			() => world.files.restore(actor, { id: fileId }, NO_ORIGIN),
			() => world.files.restoreFolder(actor, { id: folderId }, NO_ORIGIN),
			() => world.tasks.restore(actor, { id: taskId }, NO_ORIGIN)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
});

it('removes the bytes of an upload into a folder of another client, and under its task', async () => {
	const before = stored();
	const { folderId, taskId } = world.both.south.clients.assigned;
	await expect(
		world.files.upload(bea(), await stage('x.txt', 'x'), { folderId }, NO_ORIGIN)
	).rejects.toMatchObject({ code: 'not_found' });
	await expect(
		world.tasks.attach(bea(), await stage('x.txt', 'x'), { id: taskId }, NO_ORIGIN)
	).rejects.toMatchObject({ code: 'not_found' });
	expect(stored()).toBe(before);
});

it('refuses and logs what is hidden from the client, and shows nothing of it', async () => {
	const { fileId, folderId } = world.both.north.clients.assigned;
	const hidden = (key: string) => world.setUp({ [key]: { hidden: true } });
	const { files } = world;
	for (const [key, attempt] of [
		['files.upload', () => files.requireUpload(bea(), { action: 'file.uploaded' }, NO_ORIGIN)],
		['files.upload', () => files.createFolder(bea(), { name: 'x', parentId: null }, NO_ORIGIN)],
		['files.organize', () => files.rename(bea(), { id: fileId, name: 'x' }, NO_ORIGIN)],
		['files.organize', () => files.moveFolder(bea(), { id: folderId, to: '' }, NO_ORIGIN)],
		['files.delete', () => files.delete(bea(), { id: fileId }, NO_ORIGIN)],
		['files.delete', () => files.restore(bea(), { id: fileId }, NO_ORIGIN)],
		['files.download', () => files.download(bea(), { id: fileId }, NO_ORIGIN)],
		['files', () => files.download(bea(), { id: fileId }, NO_ORIGIN)]
	] as const) {
		await hidden(key);
		await expect(attempt()).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await world.lastAction()).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' });
	}
	for (const attempt of [
		() => files.listFolder(bea(), { folder: null, q: 'seed', sort: 'name', page: 1 }),
		() => files.preview(bea(), fileId),
		() => files.listDeleted(bea(), { page: 1 })
	])
		await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	await world.setUp({});
});

it('gives the attachment of a conversation to those alone who read that conversation', async () => {
	const { owner } = world.database;
	const { agencyId, clients } = world.both.north;
	const own = { agency_id: agencyId, client_id: clients.assigned.clientId };
	const sums = { currency: 'EUR', subtotal_minor: 100, tax_minor: 0, total_minor: 100 };
	const named = { number: 'ORD-90001', service_name: 'Logo', package_name: 'Small' };
	const orderId = randomUUID();
	await owner`INSERT INTO client_order ${owner({ ...own, ...sums, ...named, id: orderId })}`;
	const attached = async (order: string | null) => {
		const [threadId, messageId] = [randomUUID(), randomUUID()];
		await owner`INSERT INTO thread ${owner({ ...own, id: threadId, order_id: order, subject: 'Talk' })}`;
		await owner`INSERT INTO message ${owner({ ...own, id: messageId, thread_id: threadId, body: 'See there' })}`;
		const id = await upload('draft.txt', 'for those in it');
		await owner`UPDATE file SET message_id = ${messageId} WHERE id = ${id}`;
		return id;
	};
	const [ofOrder, plain] = [await attached(orderId), await attached(null)];
	const colleague = { ...bea(), contactId: clients.assigned.contact };
	const reach = async (actor: PortalActor, id: string) => {
		const shown = await world.files.read(actor, id).then(
			() => true,
			() => false
		);
		const file = await world.files.download(actor, { id }, NO_ORIGIN).catch(() => null);
		file?.stream.destroy();
		return [shown, file !== null];
	};
	// The colleague holds no right to orders.
	expect(await reach(colleague, ofOrder)).toEqual([false, false]);
	expect(await reach(colleague, plain)).toEqual([true, true]);
	expect(await reach(bea(), ofOrder)).toEqual([true, true]);
	for (const key of ['orders.messages', 'orders']) {
		await world.setUp({ [key]: { hidden: true } });
		expect(await reach(bea(), ofOrder), key).toEqual([false, false]);
		expect(await reach(bea(), plain), key).toEqual([true, true]);
	}
	await world.setUp({ messages: { hidden: true } });
	expect(await reach(bea(), ofOrder)).toEqual([false, false]);
	expect(await reach(bea(), plain)).toEqual([false, false]);
	await world.setUp({});
});

it('changes nothing in view mode, whatever is asked', async () => {
	const { actor, end } = await world.inside('view');
	const { fileId, folderId, taskId } = world.both.north.clients.assigned;
	const { files, tasks } = world;
	for (const attempt of [
		() => files.requireUpload(actor, { action: 'file.uploaded' }, NO_ORIGIN),
		() => files.rename(actor, { id: fileId, name: 'x' }, NO_ORIGIN),
		() => files.move(actor, { id: fileId, to: '' }, NO_ORIGIN),
		() => files.delete(actor, { id: fileId }, NO_ORIGIN),
		() => files.deleteFolder(actor, { id: folderId }, NO_ORIGIN),
		() => tasks.delete(actor, { id: taskId }, NO_ORIGIN)
	])
		await expect(attempt()).rejects.toMatchObject({ code: 'view_only' });
	expect((await files.read(actor, fileId)).name).toBe('seeded.txt');
	const file = await files.download(actor, { id: fileId }, NO_ORIGIN);
	file.stream.destroy();
	await end();
});

it('refuses a file past 100 MB and keeps nothing of it', async () => {
	const before = stored();
	const chunk = Buffer.alloc(1024 * 1024);
	const pieces = function* () {
		for (let n = 0; n <= MAX_FILE_BYTES / chunk.length; n += 1) yield chunk;
	};
	await expect(world.files.stageFile(bea(), 'huge.bin', Readable.from(pieces()))).rejects.toMatchObject({
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

it('keeps the fields before a file that is refused, so that the answer says which form it is about', async () => {
	const body = multipart([
		{ name: 'form', value: 'upload' },
		{ name: 'file', filename: 'a.txt', value: '<!doctype html>' }
	]);
	const fields: Record<string, string> = {};
	await expect(receiveForm(request(body), reader, fields)).rejects.toMatchObject({ code: 'invalid' });
	expect(fields).toEqual({ form: 'upload' });
});

it('refuses an upload that was staged in act mode and finished after a freeze, and removes its bytes', async () => {
	const { staff } = world.both.north;
	const { actor, impersonationId, end } = await world.inside('act');
	const before = stored();
	await world.files.requireUpload(actor, { action: 'file.uploaded' }, NO_ORIGIN);
	const staged = await stage('late.txt', 'late', actor);
	await world.database.owner`UPDATE impersonation SET frozen_at = now(), freeze_note = 'Stop please',
		frozen_by = ${staff.supervisor} WHERE id = ${impersonationId}`;
	await expect(world.files.upload(actor, staged, { folderId: null }, NO_ORIGIN)).rejects.toMatchObject({
		code: 'frozen',
		message: expect.stringContaining('Stop please')
	});
	expect(stored()).toBe(before);
	await end();
});

it('keeps a script in client content as the text it is', async () => {
	const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
	const input = { title: script, description: script };
	const id = await world.tasks.create(bea(), input, NO_ORIGIN);
	expect(await world.tasks.read(bea(), id)).toMatchObject({ title: script, description: script });
	const file = await world.files.download(bea(), { id: await upload(`${script}.txt`, 'x') }, NO_ORIGIN);
	expect(file.name).toBe('script><img src=x onerror=alert(1)>.txt');
	expect(await text(file.stream)).toBe('x');
});

it('survives a browser that breaks a download off, and closes the file', async () => {
	const id = await upload('big.bin', Buffer.alloc(5_000_000));
	const file = await world.files.download(bea(), { id }, NO_ORIGIN);
	const body = streamBody(file.stream).getReader();
	expect((await body.read()).value?.length).toBeGreaterThan(0);
	await body.cancel();
	expect(file.stream.destroyed).toBe(true);
});
