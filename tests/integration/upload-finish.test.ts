// The end of an upload in pieces: what was sent and acknowledged outlives a fault and a second request, in one process or
// in two, and becomes one file.
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PortalActor } from '#domain/actor.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

type Files = Pick<WorkWorld['files'], 'answerUpload'>;

let world: WorkWorld;
beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());

const ask = (
	actor: PortalActor,
	method: string,
	path: string,
	init: RequestInit = {},
	files: Files = world.files
): Promise<Response> => {
	const headers = { 'tus-resumable': '1.0.0', ...(init.headers as Record<string, string>) };
	const request = new Request(`http://portal.test${path}`, { ...init, method, headers });
	return files.answerUpload(request, actor, NO_ORIGIN);
};
const started = async (actor: PortalActor, bytes: number, name: string): Promise<string> => {
	const metadata = `filename ${Buffer.from(name).toString('base64')}`;
	const headers = { 'upload-length': String(bytes), 'upload-metadata': metadata };
	return (await ask(actor, 'POST', '/files/uploads', { headers })).headers.get('location')!;
};
const send = (actor: PortalActor, path: string, offset: number, body: string, files?: Files) => {
	const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
	return ask(actor, 'PATCH', path, { headers, body }, files);
};
const offsetOf = async (actor: PortalActor, path: string) =>
	(await ask(actor, 'HEAD', path)).headers.get('upload-offset');
const found = async (q: string) =>
	(await world.files.listFolder(world.contact(), { folder: null, q, sort: 'name', page: 1 })).files;
const pending = async () => {
	const [row] = await world.database.sql`SELECT count(*)::int AS n FROM upload WHERE file_id IS NULL`;
	return row!['n'] as number;
};

it('keeps what was sent over a fault at any step, and makes one file of it at the next question', async () => {
	const me = world.contact();
	const before = [world.stored(), await pending(), world.pieces()] as const;
	const faults = [
		['put', 'before'],
		['put', 'after'],
		['act', 'before'],
		['act', 'after']
	] as const;
	for (const [n, [method, when]] of faults.entries()) {
		const name = `faulty-${n}.txt`;
		const path = await started(me, 3, name);
		// The gate is asked twice before: may this be, when the request comes and when the file is made.
		const broken = world.beside({ method, nth: method === 'act' ? 3 : 1, when });
		const last = () => send(me, path, 0, 'abc', broken);
		expect((await last()).status).toBe(500);
		expect(await offsetOf(me, path)).toBe('3');
		const [file, ...more] = await found(name);
		expect(more).toEqual([]);
		const opened = await world.files.download(me, { id: file!.id }, NO_ORIGIN);
		expect(await text(opened.stream)).toBe('abc');
	}
	expect([world.stored(), await pending(), world.pieces()]).toEqual([
		// One more where the change failed and nobody could know whether it had been made.
		before[0] + faults.length + 1,
		before[1],
		before[2]
	]);
});

const failedOnce = async (me: PortalActor, path: string): Promise<void> => {
	const broken = world.beside({ method: 'put', nth: 1, when: 'before' });
	expect((await send(me, path, 0, 'abc', broken)).status).toBe(500);
};

it('makes one file where two processes finish at once, and keeps it', async () => {
	const me = world.contact();
	const path = await started(me, 3, 'twice.txt');
	await failedOnce(me, path);
	const asked = await Promise.allSettled([
		ask(me, 'HEAD', path),
		ask(me, 'HEAD', path, {}, world.beside()),
		ask(me, 'HEAD', path, {}, world.beside())
	]);
	for (const each of asked)
		if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'try_later' });
		else expect(each.value.headers.get('upload-offset')).toBe('3');
	const [file, ...more] = await found('twice.txt');
	expect([more, await offsetOf(me, path)]).toEqual([[], '3']);
	const opened = await world.files.download(me, { id: file!.id }, NO_ORIGIN);
	expect(await text(opened.stream)).toBe('abc');
});

it('takes over from a process that died while it made the file, and not from one that lives', async () => {
	const me = world.contact();
	const path = await started(me, 3, 'claimed.txt');
	await failedOnce(me, path);
	await world.database
		.owner`UPDATE upload SET finishing_at = now(), expires_at = now() WHERE name = 'claimed.txt'`;
	await world.files.expireUploads();
	await world.database
		.owner`UPDATE upload SET expires_at = now() + interval '1 hour' WHERE name = 'claimed.txt'`;
	await expect(ask(me, 'HEAD', path)).rejects.toMatchObject({ code: 'try_later' });
	await world.database
		.owner`UPDATE upload SET finishing_at = now() - interval '2 minutes' WHERE name = 'claimed.txt'`;
	expect(await offsetOf(me, path)).toBe('3');
	expect(await found('claimed.txt')).toHaveLength(1);
});
