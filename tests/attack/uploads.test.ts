// Uploads in pieces (tus 1.0), bent: lengths and offsets that lie, addresses of somebody else's, requests that met.
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

let world: WorkWorld;
beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());

const PATH = '/files/uploads';
const b64 = (words: string) => Buffer.from(words).toString('base64');

function ask(
	actor: PortalActor,
	method: string,
	path: string,
	more: { headers?: Record<string, string>; body?: string | Buffer } = {}
): Promise<Response> {
	const { body } = more;
	const request = new Request(`http://portal.test${path}`, {
		method,
		headers: {
			'tus-resumable': '1.0.0',
			...(body !== undefined && {
				'content-type': 'application/offset+octet-stream',
				'content-length': String(body.length)
			}),
			...more.headers
		},
		...(body !== undefined && { body: new Uint8Array(Buffer.from(body)), duplex: 'half' })
	} as RequestInit);
	return world.files.answerUpload(request, actor, NO_ORIGIN);
}

const begin = (actor: PortalActor, bytes: number | string, name = 'piece.txt', folder?: string) =>
	ask(actor, 'POST', PATH, {
		headers: {
			'upload-length': String(bytes),
			'upload-metadata': `filename ${b64(name)}${folder ? `,folder ${b64(folder)}` : ''}`
		}
	});
const started = async (actor: PortalActor, bytes: number, name?: string): Promise<string> => {
	const answer = await begin(actor, bytes, name);
	expect(answer.status).toBe(201);
	return answer.headers.get('location')!;
};
const send = (actor: PortalActor, path: string, offset: number, body: string | Buffer) =>
	ask(actor, 'PATCH', path, { headers: { 'upload-offset': String(offset) }, body });
const offsetOf = async (actor: PortalActor, path: string) =>
	(await ask(actor, 'HEAD', path)).headers.get('upload-offset');
const found = async (q: string) =>
	(await world.files.listFolder(world.contact(), { folder: null, q, sort: 'name', page: 1 })).files;
const pending = async () => {
	const [row] = await world.database.sql`SELECT count(*)::int AS n FROM upload WHERE file_id IS NULL`;
	return row!['n'] as number;
};

it('takes a file in pieces, goes on where it broke off, and logs it once it is whole', async () => {
	const me = world.contact();
	const path = await started(me, 11);
	expect((await send(me, path, 0, 'hello ')).status).toBe(204);
	expect(await found('piece')).toEqual([]);
	expect(await offsetOf(me, path)).toBe('6');
	expect((await send(me, path, 6, 'world')).headers.get('upload-offset')).toBe('11');
	const [file] = await found('piece');
	expect(file).toMatchObject({ name: 'piece.txt', bytes: 11, mediaType: 'text/plain' });
	expect(await world.lastAction()).toMatchObject({ action: 'file.uploaded', subject_id: file!.id });
	const opened = await world.files.download(me, { id: file!.id }, NO_ORIGIN);
	expect(await text(opened.stream)).toBe('hello world');
	// The browser that missed the last answer is told that it is done, and sends nothing again.
	expect(await offsetOf(me, path)).toBe('11');
	expect((await send(me, path, 0, 'hello world')).status).toBe(410);
	expect([await found('piece').then((all) => all.length), world.pieces()]).toEqual([1, 0]);
});

it('makes the file when the process died after the last byte, at the next question', async () => {
	const me = world.contact();
	const path = await started(me, 4, 'died.txt');
	await send(me, path, 0, 'abc');
	const [row] = await world.database.sql`SELECT id FROM upload WHERE name = 'died.txt'`;
	// As if the last piece had been kept and nothing after it had run.
	const id = String(row!['id']);
	const { appendFile } = await import('node:fs/promises');
	await appendFile(world.pieceOf(id), 'd');
	expect(await offsetOf(me, path)).toBe('4');
	expect(await found('died')).toHaveLength(1);
});

it('refuses an offset that lies, more bytes than were announced, and lengths that are none', async () => {
	const me = world.contact();
	const path = await started(me, 5, 'lies.txt');
	expect((await send(me, path, 3, 'xx')).status).toBe(409);
	expect((await send(me, path, -1, 'xx')).status).toBe(400);
	expect((await send(me, path, 0, 'more than five')).status).toBe(413);
	expect(await offsetOf(me, path)).toBe('0');
	expect((await begin(me, -5)).status).toBe(400);
	expect((await begin(me, 'many')).status).toBe(400);
	await expect(ask(me, 'POST', PATH, { headers: { 'upload-defer-length': '1' } })).rejects.toMatchObject({
		code: 'invalid'
	});
	await expect(begin(me, 5 * 1024 ** 3)).rejects.toMatchObject({ code: 'too_large' });
	await expect(begin(me, 5, 'run.exe')).rejects.toMatchObject({ code: 'invalid' });
	await ask(me, 'DELETE', path);
	expect(await found('lies')).toEqual([]);
});

it('hands out no pieces, whatever method asks for them', async () => {
	const me = world.contact();
	const path = await started(me, 9, 'secret.txt');
	await send(me, path, 0, 'secret');
	for (const method of ['GET', 'OPTIONS', 'PUT']) {
		const answer = await ask(me, method, path);
		expect([answer.status, await answer.text()]).toEqual([405, '']);
	}
	const head = await ask(me, 'HEAD', path);
	expect(head.headers.get('access-control-allow-origin')).toBeNull();
	await ask(me, 'DELETE', path);
});

it('knows an upload only to the contact, and the impersonation, that began it', async () => {
	const me = world.contact();
	const path = await started(me, 6, 'mine.txt');
	const ben = world.contact(world.both.north.clients.assigned, 'contact');
	const { actor, end } = await world.inside('act');
	for (const stranger of [ben, world.other(), actor])
		for (const attempt of [
			() => ask(stranger, 'HEAD', path),
			() => send(stranger, path, 0, 'theirs'),
			() => ask(stranger, 'DELETE', path)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	const theirs = await started(actor, 6, 'inside.txt');
	await expect(send(me, theirs, 0, 'client')).rejects.toMatchObject({ code: 'not_found' });
	await end();
	const next = await world.inside('act');
	await expect(send(next.actor, theirs, 0, 'second')).rejects.toMatchObject({ code: 'not_found' });
	await next.end();
	await expect(send(actor, theirs, 0, 'afterw')).rejects.toMatchObject({ code: 'impersonation_over' });
	expect(await offsetOf(me, path)).toBe('0');
	await ask(me, 'DELETE', path);
});

it.each(['../../keys/signing.pem', '%2e%2e%2fescape', 'null', "1' OR 1=1"])(
	'treats %s as the address of no upload',
	async (name) => {
		const me = world.contact();
		for (const method of ['HEAD', 'DELETE'])
			await expect(ask(me, method, `${PATH}/${encodeURIComponent(name)}`)).rejects.toMatchObject({
				code: 'not_found'
			});
	}
);

it('touches only the upload that was asked about, however the address is bent', async () => {
	const me = world.contact();
	const ben = world.contact(world.both.north.clients.assigned, 'contact');
	const [mine, other, theirs] = [
		await started(me, 6, 'bent-own.txt'),
		await started(me, 6, 'bent-other.txt'),
		await started(ben, 6, 'bent-theirs.txt')
	];
	const idIn = (path: string) => path.split('/').at(-1)!;
	const rowsOf = async (path: string) =>
		(await world.database.sql`SELECT id FROM upload WHERE id = ${idIn(path)}`).length;
	for (const victim of [other, theirs])
		for (const bent of [`${mine}?/${idIn(victim)}`, `${mine}?a=/${idIn(victim)}/`, `${mine}?x`]) {
			for (const attempt of [
				() => ask(me, 'DELETE', bent),
				() => ask(me, 'HEAD', bent),
				() => send(me, bent, 0, 'forged')
			])
				await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
		}
	// The last segment is empty here; the library reads past it.
	await expect(ask(me, 'DELETE', `${theirs}/`)).rejects.toMatchObject({ code: 'not_found' });
	for (const [actor, path] of [
		[me, mine],
		[me, other],
		[ben, theirs]
	] as const) {
		expect([await offsetOf(actor, path), await rowsOf(path)]).toEqual(['0', 1]);
		await ask(actor, 'DELETE', path);
	}
});

it('asks the right before the first byte and again at the end', async () => {
	const view = await world.inside('view');
	await expect(begin(view.actor, 5)).rejects.toMatchObject({ code: 'view_only' });
	await view.end();
	const { actor, impersonationId, end } = await world.inside('act');
	const path = await started(actor, 6, 'frozen.txt');
	await send(actor, path, 0, 'abc');
	await world.database.owner`UPDATE impersonation SET frozen_at = now(), freeze_note = 'Stop',
		frozen_by = ${world.both.north.staff.supervisor} WHERE id = ${impersonationId}`;
	await expect(send(actor, path, 3, 'def')).rejects.toMatchObject({ code: 'frozen' });
	await end();
	const me = world.contact();
	const mine = await started(me, 6, 'hidden.txt');
	await world.setUp({ 'files.upload': { hidden: true } });
	await expect(send(me, mine, 0, 'abcdef')).rejects.toMatchObject({ code: 'not_allowed' });
	await world.setUp({});
	expect([await found('frozen'), await found('hidden')]).toEqual([[], []]);
	await ask(me, 'DELETE', mine);
});

it('keeps nothing of what turns out to be a page with script, and gives the space back', async () => {
	const me = world.contact();
	const before = [world.stored(), await pending(), world.pieces()];
	const page = '<!doctype html><script>alert(1)</script>';
	const path = await started(me, page.length, 'harmless.txt');
	await expect(send(me, path, 0, page)).rejects.toMatchObject({ code: 'invalid' });
	await expect(ask(me, 'HEAD', path)).rejects.toMatchObject({ code: 'not_found' });
	expect([world.stored(), await pending(), world.pieces()]).toEqual(before);
});

it('reserves the space when it begins: of two that fit alone, one begins', async () => {
	const me = world.contact();
	const { quota } = await world.files.listFolder(me, { folder: null, q: '', sort: 'name', page: 1 });
	await world.database.owner`UPDATE client SET quota_bytes = ${quota.usedBytes + 1_500}
		WHERE id = ${me.clientId}`;
	const both = await Promise.allSettled([begin(me, 1_000, 'q1.bin'), begin(me, 1_000, 'q2.bin')]);
	expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const made = both.find((one) => one.status === 'fulfilled')!;
	const path = made.value.headers.get('location')!;
	expect((await send(me, path, 0, Buffer.alloc(1_000))).status).toBe(204);
	await world.database.owner`UPDATE client SET quota_bytes = NULL WHERE id = ${me.clientId}`;
});

it('makes one file of two requests that met at the last piece', async () => {
	const me = world.contact();
	const path = await started(me, 3, 'met.txt');
	await Promise.allSettled([
		send(me, path, 0, 'abc'),
		send(me, path, 0, 'abc'),
		ask(me, 'HEAD', path),
		ask(me, 'HEAD', path)
	]);
	expect(await found('met.txt')).toHaveLength(1);
	expect(await offsetOf(me, path)).toBe('3');
});

it("refuses another client's folder, and more uploads at once than anybody needs", async () => {
	const me = world.contact();
	await expect(begin(me, 5, 'x.txt', world.both.south.clients.assigned.folderId)).rejects.toMatchObject({
		code: 'not_found'
	});
	for (let n = 0; n < 50; n += 1) await begin(me, 1, `many-${n}.txt`).catch(() => undefined);
	await expect(begin(me, 1)).rejects.toMatchObject({ code: 'too_many' });
});

it('lets go of what nobody went on with', async () => {
	await world.database.owner`UPDATE upload SET expires_at = now() - interval '1 minute'`;
	await world.files.expireUploads();
	expect([await pending(), world.pieces()]).toEqual([0, 0]);
});

/** Staff speak the same protocol at an address of the client's own. */
const asStaff = (
	actor: StaffActor,
	clientId: string,
	method: string,
	more: { id?: string; headers?: Record<string, string>; body?: string } = {}
): Promise<Response> =>
	world.files.answerUpload(
		new Request(`http://agency.test/clients/${clientId}/files/uploads${more.id ? `/${more.id}` : ''}`, {
			method,
			headers: {
				'tus-resumable': '1.0.0',
				...(more.body !== undefined && {
					'content-type': 'application/offset+octet-stream',
					'content-length': String(more.body.length)
				}),
				...more.headers
			},
			...(more.body !== undefined && { body: more.body, duplex: 'half' })
		} as RequestInit),
		actor,
		NO_ORIGIN,
		clientId
	);
const beginAsStaff = (actor: StaffActor, clientId: string, name: string) =>
	asStaff(actor, clientId, 'POST', {
		headers: { 'upload-length': '11', 'upload-metadata': `filename ${b64(name)}` }
	});

it('takes what staff send in pieces, under the client they named and with their own name', async () => {
	const { clientId } = world.contact();
	const staff = await world.staff('manager');
	const location = (await beginAsStaff(staff, clientId, 'staff.txt')).headers.get('location')!;
	expect(location).toContain(`/clients/${clientId}/files/uploads/`);
	const id = location.split('/').at(-1)!;
	const part = (offset: number, body: string) =>
		asStaff(staff, clientId, 'PATCH', { id, body, headers: { 'upload-offset': String(offset) } });
	await part(0, 'hello ');
	expect((await asStaff(staff, clientId, 'HEAD', { id })).headers.get('upload-offset')).toBe('6');
	await part(6, 'world');
	expect(await found('staff')).toMatchObject([{ bytes: 11, maker: { contact: null } }]);
	expect(await world.lastAction()).toMatchObject({
		action: 'file.uploaded',
		client_id: clientId,
		actor_staff_id: world.both.north.staff.manager
	});
});

it('knows an upload of staff to nobody but them, at no other client’s address', async () => {
	const { clientId } = world.contact();
	const staff = await world.staff('manager');
	const id = (await beginAsStaff(staff, clientId, 'own.txt')).headers.get('location')!.split('/').at(-1)!;
	const other = world.both.north.clients.unassigned.clientId;
	for (const attempt of [
		() => asStaff(staff, other, 'HEAD', { id }),
		async () => asStaff(await world.staff('admin'), clientId, 'HEAD', { id }),
		async () => asStaff(await world.staff('admin', 'south'), clientId, 'DELETE', { id }),
		() => ask(world.contact(), 'HEAD', `${PATH}/${id}`),
		() => ask(world.contact(), 'DELETE', `${PATH}/${id}`)
	])
		await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	// And a contact's is not theirs.
	const mine = (await started(world.contact(), 6, 'contact.txt')).split('/').at(-1)!;
	await expect(asStaff(staff, clientId, 'HEAD', { id: mine })).rejects.toMatchObject({ code: 'not_found' });
});

it('takes no piece of staff without the right, nor into another agency’s storage', async () => {
	const { clientId } = world.contact();
	const before = await pending();
	await expect(beginAsStaff(await world.staff('supervisor'), clientId, 'no.txt')).rejects.toMatchObject({
		code: 'not_allowed'
	});
	for (const named of [world.both.south.clients.assigned.clientId, 'x', ''])
		await expect(beginAsStaff(await world.staff('admin'), named, 'no.txt')).rejects.toMatchObject({
			code: 'not_found'
		});
	expect(await pending()).toBe(before);
});
