import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { stageFile } from '#server/usecases/files/stage-file.ts';
import type { EitherActor } from '#server/usecases/portal/either-side.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
beforeAll(async () => {
	world = await openPeopleWorld();
});

const all = { q: '', unread: false, clientId: null, page: 1 };
const start = (actor: EitherActor, subject: string, clientId = '') =>
	world.messages.start(actor, { subject, body: `About ${subject}`, clientId }, null, NO_ORIGIN);
const say = (actor: EitherActor, threadId: string, body: string) =>
	world.messages.send(actor, { threadId, body }, null, NO_ORIGIN);
const unread = (actor: EitherActor) => world.messages.countUnread(actor);
/** Makes an order and puts the conversation under it. */
const giveOrder = async ({ agencyId, clientId }: ClientActor, threadId: string, number: string) => {
	const [order] = await world.database.owner<{ id: string }[]>`
		INSERT INTO client_order (id, agency_id, client_id, number, service_name, package_name, status, currency, subtotal_minor, tax_minor, total_minor, tax_rate_bp)
		VALUES (gen_random_uuid(), ${agencyId}, ${clientId}, ${number}, 'S', 'P', 'pending', 'EUR', 1, 0, 1, 0) RETURNING id`;
	await world.database.owner`UPDATE thread SET order_id = ${order!.id} WHERE id = ${threadId}`;
	return order!.id;
};
const look = async (actor: EitherActor, id: string) => {
	const thread = await world.messages.read(actor, id, 1);
	await world.messages.markRead(actor, thread);
	return thread;
};

describe('a conversation', () => {
	it('goes to and fro between a contact and staff, each with its action, newest conversation first', async () => {
		const owner = world.contact();
		const staff = await world.staff('manager');
		const id = await start(owner, 'Hours');
		expect(await world.lastAction()).toMatchObject({ action: 'thread.started', contact_id: owner.contactId });
		await say(staff, id, 'We change them today.');
		expect(await world.lastAction()).toMatchObject({
			action: 'message.sent',
			client_id: owner.clientId,
			actor_staff_id: staff.staffId
		});
		const later = await start(staff, 'Later', owner.clientId);
		const { rows } = await world.messages.list(owner, all);
		expect(rows.map((row) => row.id)).toEqual([later, id]);
		expect(rows[1]).toMatchObject({ messages: 2, lastLine: 'We change them today.' });
		const thread = await world.messages.read(owner, id, 1);
		expect(thread.messages.map((m) => [m.maker, m.mine])).toEqual([
			[{ contact: 'Owner of North Assigned', staff: null }, true],
			[{ contact: null, staff: 'North manager' }, false]
		]);
	});

	it('keeps both names of what was written while impersonating, and is news to the contact then', async () => {
		const owner = world.contact();
		const { actor, end } = await world.inside('act');
		const before = await unread(owner);
		const id = await start(actor, 'Inside');
		await end();
		const thread = await world.messages.read(owner, id, 1);
		expect(thread.messages[0]).toMatchObject({
			maker: { contact: 'Owner of North Assigned', staff: 'North manager' },
			mine: false
		});
		expect(await unread(owner)).toBe(before + 1);
	});

	it('carries a file, which is gone again when the message is refused', async () => {
		const owner = world.contact();
		const blobs = (await import('#server/adapters/files/file-blobs.ts')).FileBlobs;
		const store = await blobs.open((await import('node:os')).tmpdir() + `/switchback-msg-${process.pid}`);
		const stage = stageFile({ ids: testIds, blobs: store });
		const staged = await stage(owner, 'menu.txt', Readable.from([Buffer.from('soup')]));
		const id = await world.messages.start(
			owner,
			{ subject: 'Menu', body: 'See the file.', clientId: '' },
			staged,
			NO_ORIGIN
		);
		const thread = await world.messages.read(owner, id, 1);
		expect(thread.messages[0]?.files).toMatchObject([{ name: 'menu.txt', bytes: 4 }]);
	});

	it('is found by its words in the portal, and by subject and client on the agency’s side', async () => {
		const owner = world.contact();
		const staff = await world.staff('manager');
		const id = await start(owner, 'Zebra stripes');
		await say(owner, id, 'The giraffe is too tall. 100% sure');
		const found = async (actor: EitherActor, q: string) =>
			(await world.messages.list(actor, { ...all, q })).rows.map((row) => row.subject);
		expect(await found(owner, 'giraffe')).toEqual(['Zebra stripes']);
		expect(await found(owner, '100%')).toEqual(['Zebra stripes']);
		expect(await found(owner, '%')).toEqual(['Zebra stripes']);
		expect(await found(staff, 'zebra')).toEqual(['Zebra stripes']);
		expect(await found(staff, 'giraffe')).toEqual([]);
		expect(await found(staff, 'North Assigned')).toContain('Zebra stripes');
	});
});

describe('unread marks', () => {
	it('are each person’s own, and move when that person looks', async () => {
		const [owner, colleague] = [world.contact(), world.contact(world.both.north.clients.assigned, 'contact')];
		const staff = await world.staff('manager');
		const id = await start(staff, 'News', owner.clientId);
		const [mine, theirs] = [await unread(owner), await unread(colleague)];
		const thread = await look(owner, id);
		expect(thread.firstNew).toBe(thread.messages[0]!.id);
		expect(await unread(owner)).toBe(mine - 1);
		expect(await unread(colleague)).toBe(theirs);
		expect((await look(owner, id)).firstNew).toBeNull();
		await say(staff, id, 'And more.');
		expect(await unread(owner)).toBe(mine);
		const list = await world.messages.list(owner, { ...all, unread: true });
		expect(list.rows.map((row) => row.id)).toContain(id);
	});

	it('never move while impersonating, and say the same as to the contact', async () => {
		const owner = world.contact();
		const staff = await world.staff('admin');
		const id = await start(staff, 'Untouched', owner.clientId);
		const before = await world.database.sql`SELECT * FROM thread_read ORDER BY thread_id, person_id`;
		const count = await unread(owner);
		const { actor, end } = await world.inside('act');
		expect(await unread(actor)).toBe(count);
		const thread = await look(actor, id);
		expect(thread.firstNew).not.toBeNull();
		expect(await unread(actor)).toBe(count);
		await end();
		expect(await unread(owner)).toBe(count);
		expect(await world.database.sql`SELECT * FROM thread_read ORDER BY thread_id, person_id`).toEqual(before);
	});

	it('leave out the conversation that is opened, also on the page of its order', async () => {
		const owner = world.contact();
		const before = await unread(owner);
		const id = await start(await world.staff('admin'), 'Of an order', owner.clientId);
		const orderId = await giveOrder(owner, id, 'ORD-1');
		expect(await unread(owner)).toBe(before + 1);
		for (const opened of [id, orderId])
			expect(await world.messages.countUnread(owner, undefined, opened)).toBe(before);
	});

	it('of staff leave out their own words, and what was there before they came', async () => {
		const staff = await world.staff('admin');
		const before = await unread(staff);
		const owner = world.contact();
		const id = await start(owner, 'For staff');
		expect(await unread(staff)).toBe(before + 1);
		expect(await world.messages.countUnread(staff, undefined, id)).toBe(before);
		await look(staff, id);
		await say(staff, id, 'Own words');
		expect(await unread(staff)).toBe(before);
		await world.database
			.owner`UPDATE staff SET created_at = now() + interval '1 minute' WHERE id = ${staff.staffId}`;
		expect(await unread(staff)).toBe(0);
	});
});

describe('the list', () => {
	it('is newest first, or by subject, both ways and on both sides', async () => {
		const owner = world.contact(world.both.north.clients.optedOut);
		for (const subject of ['beta', 'Alpha', 'gamma']) await start(owner, subject);
		const admin = await world.staff('admin');
		for (const actor of [owner, admin]) {
			const subjects = async (sort?: 'when' | '-when' | 'subject' | '-subject') =>
				(
					await world.messages.list(actor, { ...all, clientId: owner.clientId, ...(sort && { sort }) })
				).rows.map((row) => row.subject);
			expect(await subjects()).toEqual(['gamma', 'Alpha', 'beta']);
			expect(await subjects('when')).toEqual(['beta', 'Alpha', 'gamma']);
			expect(await subjects('subject')).toEqual(['Alpha', 'beta', 'gamma']);
			expect(await subjects('-subject')).toEqual(['gamma', 'beta', 'Alpha']);
		}
	});
});

describe('a conversation is out of reach', () => {
	const code = (work: Promise<unknown>) =>
		work.then(
			() => 'done',
			(error: { code?: string }) => error.code ?? String(error)
		);

	it('of another client, another agency, and staff without the permission', async () => {
		const id = await start(world.contact(), 'Private');
		const strangers = [
			world.contact(world.both.north.clients.unassigned),
			world.other(),
			await world.staff('manager', 'south')
		];
		for (const actor of strangers) {
			expect(await code(world.messages.read(actor, id, 1))).toBe('not_found');
			expect(await code(say(actor, id, 'Hello'))).toBe('not_found');
			expect((await world.messages.list(actor, all)).rows.map((row) => row.id)).not.toContain(id);
		}
		const supervisor = await world.staff('supervisor');
		expect(await code(world.messages.read(supervisor, id, 1))).toBe('not_allowed');
		expect(await code(say(supervisor, id, 'Hello'))).toBe('not_allowed');
		const south = await world.staff('manager', 'south');
		expect(await code(start(south, 'Planted', world.contact().clientId))).toBe('not_found');
	});

	it('where the area or writing is hidden, and in view mode', async () => {
		const owner = world.contact();
		const id = await start(owner, 'Hidden');
		await world.setUp({ messages: { hidden: true } });
		expect(await code(world.messages.list(owner, all))).toBe('not_found');
		expect(await code(world.messages.read(owner, id, 1))).toBe('not_found');
		expect(await code(say(owner, id, 'No'))).toBe('not_allowed');
		await world.setUp({ 'messages.send': { hidden: true } });
		expect((await world.messages.read(owner, id, 1)).subject).toBe('Hidden');
		expect(await code(say(owner, id, 'No'))).toBe('not_allowed');
		await world.setUp({});
		const { actor, end } = await world.inside('view');
		expect(await code(say(actor, id, 'No'))).toBe('view_only');
		await end();
	});

	it('of an order whose messages are hidden from this contact', async () => {
		const { assigned } = world.both.north.clients;
		const owner = world.contact();
		const colleague = world.contact(assigned, 'contact');
		const id = await start(owner, 'About the order');
		const orderId = await giveOrder(owner, id, 'ORD-2');
		expect((await world.messages.read(owner, id, 1)).orderId).toBe(orderId);
		// Holds tasks and files, not orders.
		expect(await code(world.messages.read(colleague, id, 1))).toBe('not_found');
		expect(await code(say(colleague, id, 'No'))).toBe('not_found');
		expect((await world.messages.list(colleague, all)).rows.map((row) => row.id)).not.toContain(id);
	});
});
