import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Origin, PortalActor, StaffActor } from '#domain/actor.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import { switchMode } from '#server/usecases/impersonation/switch-mode.ts';
import { impersonate, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
beforeAll(async () => {
	world = await openPeopleWorld();
});
beforeEach(async () => {
	await world.database.owner`DELETE FROM notice`;
	await world.database.owner`DELETE FROM mail`;
	await world.database.owner`DELETE FROM outbox`;
	world.sent.length = 0;
});

const list = async (actor: PortalActor | StaffActor) =>
	(await world.notices.list(actor, { page: 1, unread: false })).rows;
const titles = async (actor: PortalActor | StaffActor) => (await list(actor)).map((row) => row.title);
const start = (actor: PortalActor | StaffActor, subject: string) =>
	world.messages.start(
		actor,
		{ subject, body: 'The secret words.', clientId: world.contact().clientId },
		null,
		NO_ORIGIN
	);
const act = (
	actor: PortalActor | StaffActor,
	action: Parameters<PeopleWorld['kit']['act']>[1]['action'],
	subject: { type: string; id: string; label: string }
) =>
	world.kit.act(actor, { action, clientId: world.contact().clientId }, async () => ({
		value: null,
		subject
	}));

describe('who is told', () => {
	it('of what a contact did: staff who look after the client and may, not the contact’s own side', async () => {
		const [owner, colleague] = [world.contact(), world.contact(world.both.north.clients.assigned, 'contact')];
		const [manager, admin] = [await world.staff('manager'), await world.staff('admin')];
		await start(owner, 'Hours');
		await world.deliver();
		expect(await titles(manager)).toEqual(['Owner of North Assigned started conversation “Hours”']);
		expect(await titles(admin)).toEqual([]);
		expect(await titles(owner)).toEqual([]);
		expect(await titles(colleague)).toEqual([]);
		expect((await list(manager))[0]?.href).toMatch(/^\/messages\//);
	});

	it('of another contact and another owner by staff: the owner, and the one who just was it', async () => {
		const { clientId } = world.contact();
		const [owner, colleague] = [world.contact(), world.contact(world.both.north.clients.assigned, 'contact')];
		const admin = await world.staff('admin');
		const person = (label: string) => ({ type: 'contact', id: randomUUID(), label });
		await act(admin, 'contact.invited', person('Eve'));
		await world.deliver();
		const invited = 'North admin, North invited contact “Eve”';
		expect(await titles(owner)).toEqual([invited]);
		expect((await list(owner))[0]).toMatchObject({ category: 'access', href: '/account/team' });
		expect(await titles(colleague)).toEqual([]);
		expect(await titles(await world.staff('manager'))).toEqual([]);
		// The colleague stepped down by this change: the row names them, whatever they are by now.
		await world.kit.act(admin, { action: 'contact.made_owner', clientId }, async () => ({
			value: null,
			subject: person('Eve'),
			details: { formerOwnerId: colleague.contactId }
		}));
		await world.deliver();
		const handed = 'North admin, North handed the account over to “Eve”';
		expect(await titles(owner)).toEqual([handed, invited]);
		expect(await titles(colleague)).toEqual([handed]);
		const mails = await world.database.sql`SELECT recipient FROM mail`;
		const former = await world.emailOf('contact', colleague.contactId);
		expect(mails.map((mail) => mail['recipient'])).not.toContain(former);
	});

	it('of an unassigned client: everybody with the permission, and nobody of another agency', async () => {
		const lonely = world.contact(world.both.north.clients.unassigned);
		await world.messages.start(lonely, { subject: 'Anyone?', body: 'Hello', clientId: '' }, null, NO_ORIGIN);
		await world.deliver();
		for (const key of ['superAdmin', 'admin', 'manager', 'assignee'] as const)
			expect(await titles(await world.staff(key))).toHaveLength(1);
		expect(await titles(await world.staff('supervisor'))).toEqual([]);
		expect(await titles(await world.staff('admin', 'south'))).toEqual([]);
	});

	it('of what staff did: the contacts who see such things', async () => {
		const [owner, colleague] = [world.contact(), world.contact(world.both.north.clients.assigned, 'contact')];
		const admin = await world.staff('admin');
		const { invoiceId } = world.both.north.clients.assigned;
		await act(admin, 'invoice.sent', { type: 'invoice', id: invoiceId, label: 'INV-7' });
		await start(admin, 'News');
		await world.deliver();
		expect(await titles(owner)).toEqual([
			'North admin, North started conversation “News”',
			'North admin, North sent invoice “INV-7”'
		]);
		// No billing right: no word of it, in no list and no mail.
		expect(await titles(colleague)).toEqual(['North admin, North started conversation “News”']);
		const colleagueMail = await world.emailOf('contact', colleague.contactId);
		expect(world.sent.filter(({ to }) => to === colleagueMail).map(({ subject }) => subject)).toEqual([
			'North admin, North started conversation “News”'
		]);
		expect(await titles(admin)).toEqual([]);
		expect(await titles(world.other())).toEqual([]);
	});

	it('of a hidden area or an internal task: nobody of the client', async () => {
		const owner = world.contact();
		const admin = await world.staff('admin');
		const { taskId } = world.both.north.clients.assigned;
		await world.database.owner`UPDATE task SET client_visible = false WHERE id = ${taskId}`;
		await act(admin, 'task.commented', { type: 'task', id: taskId, label: 'Internal' });
		await world.setUp({ messages: { hidden: true } });
		await start(admin, 'Hidden');
		await world.deliver();
		await world.setUp({});
		await world.database.owner`UPDATE task SET client_visible = true WHERE id = ${taskId}`;
		expect(await titles(owner)).toEqual([]);
		expect(world.sent).toEqual([]);
	});

	it('of what was done while impersonating: both sides, by both names, but not whoever did it', async () => {
		const owner = world.contact();
		const [manager, assignee] = [await world.staff('manager'), await world.staff('assignee')];
		const { actor, end } = await world.inside('act');
		await start(actor, 'Inside');
		await end();
		await world.deliver();
		const title = 'North manager as Owner of North Assigned started conversation “Inside”';
		expect(await titles(owner)).toEqual([title]);
		expect(await titles(assignee)).toEqual([title]);
		expect(await titles(manager)).toEqual([]);
	});

	it('of what was prepared: an owner, whatever the menu leaves out by then', async () => {
		const owner = world.contact();
		const { actor, end } = await world.inside('act');
		const subject = { type: 'draft', id: randomUUID(), label: 'Delete file' };
		await world.kit.act(actor, { action: 'draft.prepared' }, async () => ({
			value: null,
			subject,
			details: { prepared: 'file.deleted' }
		}));
		await end();
		await world.setUp({ files: { hidden: true }, 'access-history': { hidden: true } });
		await world.deliver();
		expect(await list(owner)).toMatchObject([{ category: 'access', href: '/approvals', unread: true }]);
		const colleague = world.contact(world.both.north.clients.assigned, 'contact');
		expect(await titles(colleague)).toEqual([]);
		expect(await world.notices.countUnread(owner)).toBe(1);
		await world.setUp({});
	});

	it('of a sensitive change while impersonating: the owner, by mail at once, unless the policy says otherwise', async () => {
		const owner = world.contact();
		const address = await world.emailOf('contact', owner.contactId);
		const { fileId } = world.both.north.clients.assigned;
		const remove = async () => {
			const { actor, end } = await world.inside('act');
			await act(actor, 'file.deleted', { type: 'file', id: fileId, label: 'plan.pdf' });
			await end();
			await world.deliver();
		};
		await remove();
		expect((await list(owner))[0]).toMatchObject({ category: 'access' });
		expect(world.sent.filter(({ to }) => to === address).map(({ subject }) => subject)).toEqual([
			'North manager as Owner of North Assigned deleted file “plan.pdf”'
		]);
		world.sent.length = 0;
		await world.database
			.owner`UPDATE agency SET policy = '{"mailAfterSensitive": false}' WHERE name = 'North'`;
		await remove();
		await world.database.owner`UPDATE agency SET policy = '{}' WHERE name = 'North'`;
		expect(world.sent).toEqual([]);
	});
});

describe('what was prepared for approval', () => {
	it('is told to the contact it was prepared for, no owner, while they may do it themselves', async () => {
		const { clientId, contact } = world.both.north.clients.assigned;
		const { agencyId, staff } = world.both.north;
		const colleague = world.contact(world.both.north.clients.assigned, 'contact');
		const whom = { agencyId, staffId: staff.manager, clientId, contactId: contact };
		const { actor, impersonationId } = await impersonate(world.db, whom, world.kit);
		const { orDraft } = composeDrafts({ db: world.db, act: world.kit.act, ids: testIds });
		const describeIt = (label: string) => async () => ({ label, href: '/files', facts: [] });
		const prepare = async (label: string) => {
			const remove = orDraft(
				'file.deleted',
				(who: PortalActor, _input: { label: string }, origin: Origin) =>
					world.kit.act(who, { action: 'file.deleted', origin }, async () => ({ value: undefined })),
				describeIt(label)
			);
			await expect(remove(actor, { label }, NO_ORIGIN)).rejects.toMatchObject({ code: 'drafted' });
		};
		await world.database.owner`UPDATE agency SET policy = '{"draftSensitive": true}' WHERE id = ${agencyId}`;
		await prepare('Delete plan.pdf');
		await world.deliver();
		const told = [expect.stringContaining('“Delete plan.pdf”')];
		expect(await titles(colleague)).toEqual(told);
		expect(await titles(world.contact())).toEqual(told);
		await prepare('Delete other.pdf');
		await world.database.owner`UPDATE contact SET rights = '{tasks}' WHERE id = ${contact}`;
		await world.deliver();
		await world.database.owner`UPDATE contact SET rights = '{tasks,files}' WHERE id = ${contact}`;
		await world.database.owner`UPDATE agency SET policy = '{}' WHERE id = ${agencyId}`;
		await world.kit.end(actor, { impersonationId, reason: 'switch_back' });
		expect(await titles(colleague)).toEqual(told);
	});
});

describe('being told', () => {
	it('twice is being told once, in the list and by mail', async () => {
		const owner = world.contact();
		await start(await world.staff('admin'), 'Once');
		const { seq } = await world.lastAction();
		await world.deliver();
		await world.notices.spread([seq!]);
		await world.deliver();
		expect(await titles(owner)).toHaveLength(1);
		const address = await world.emailOf('contact', owner.contactId);
		expect(world.sent.filter(({ to }) => to === address)).toHaveLength(1);
	});

	it('is listed newest first, or by what it is about, each page going on where the one before ended', async () => {
		const owner = world.contact();
		const { agencyId, contactId } = owner;
		const about = ['tasks', 'access', 'orders', 'files', 'messages'];
		const rows = Array.from({ length: 30 }, (_, n) => ({
			id: randomUUID(),
			agency_id: agencyId,
			contact_id: contactId,
			seq: 900_000 + n,
			category: about[n % about.length]!,
			title: `Notice ${n}`,
			href: '/',
			created_at: new Date(1_760_000_000_000 + n * 60_000)
		}));
		await world.database.owner`INSERT INTO notice ${world.database.owner(rows)}`;
		const sorted = async (sort: 'when' | '-when' | 'about' | '-about', page = 1) =>
			(await world.notices.list(owner, { page, unread: false, sort })).rows;
		expect((await sorted('-when'))[0]?.title).toBe('Notice 29');
		expect((await sorted('when'))[0]?.title).toBe('Notice 0');
		const both = [...(await sorted('about')), ...(await sorted('about', 2))];
		expect(new Set(both.map(({ id }) => id)).size).toBe(30);
		expect(both.map(({ category }) => category)).toEqual(both.map(({ category }) => category).toSorted());
		expect(both[0]?.title).toBe('Notice 26');
		expect((await sorted('-about'))[0]?.category).toBe('tasks');
	});

	it('follows what each person chose, else what the agency set', async () => {
		const owner = world.contact();
		const address = await world.emailOf('contact', owner.contactId);
		const mails = () => world.sent.filter(({ to }) => to === address).length;
		const admin = await world.staff('admin');
		await world.database
			.owner`UPDATE agency SET notice_setup = '{"messages": {"mail": false}}' WHERE name = 'North'`;
		await start(admin, 'By the agency');
		await world.deliver();
		expect([(await titles(owner)).length, mails()]).toEqual([1, 0]);
		await world.account.changeNotices(owner, { messages: 'mail' } as never, NO_ORIGIN);
		await start(admin, 'By the person');
		await world.deliver();
		expect([(await titles(owner)).length, mails()]).toEqual([1, 1]);
		await world.account.changeNotices(owner, { messages: 'both' } as never, NO_ORIGIN);
		await world.database.owner`UPDATE agency SET notice_setup = '{}' WHERE name = 'North'`;
	});

	it('never puts what was written into a notice or a mail', async () => {
		await start(await world.staff('admin'), 'A subject');
		await world.deliver();
		expect(world.sent.length).toBeGreaterThan(0);
		for (const { text, html } of world.sent) expect(text + html).not.toContain('secret words');
		const rows = await world.database.sql`SELECT title || body AS words FROM notice`;
		for (const row of rows) expect(row['words']).not.toContain('secret words');
	});

	it('leaves marks to the person: opening one reads it, not while impersonating', async () => {
		const owner = world.contact();
		await start(await world.staff('admin'), 'One');
		await start(await world.staff('admin'), 'Two');
		await world.deliver();
		const [newest] = await list(owner);
		const { actor, end } = await world.inside('act');
		expect(await world.notices.markRead(actor, newest!.id)).toBe(newest!.href);
		await expect(world.notices.markRead(actor, 'all')).rejects.toMatchObject({ code: 'forbidden' });
		expect(await world.notices.countUnread(actor)).toBe(2);
		await end();
		await world.notices.markRead(owner, newest!.id);
		expect(await world.notices.countUnread(owner)).toBe(1);
		await expect(world.notices.markRead(world.other(), newest!.id)).rejects.toMatchObject({
			code: 'not_found'
		});
		await world.notices.markRead(owner, 'all');
		expect(await world.notices.countUnread(owner)).toBe(0);
	});

	it('takes old news away with the right to see it', async () => {
		const owner = world.contact();
		await start(await world.staff('admin'), 'Later hidden');
		await world.deliver();
		expect(await titles(owner)).toHaveLength(1);
		await world.setUp({ messages: { hidden: true } });
		expect(await titles(owner)).toEqual([]);
		await world.setUp({});
	});
});

describe('the daily mail', () => {
	it('tells the owner of yesterday’s impersonations in sentences, once for each client and day', async () => {
		const owner = world.contact();
		const address = await world.emailOf('contact', owner.contactId);
		const { actor, end, impersonationId } = await world.inside('act');
		await start(actor, 'Done inside');
		await world.database.sql`INSERT INTO view (id, agency_id, impersonation_id, kind, address, status)
			VALUES (${randomUUID()}, ${owner.agencyId}, ${impersonationId}, 'page', '/invoices', 200)`;
		await end();
		await world.database.owner`DELETE FROM mail`;
		await world.database.owner`DELETE FROM outbox`;
		await world.notices.mailOwners();
		expect(await world.database.sql`SELECT FROM mail`).toHaveLength(0);
		await world.database
			.owner`UPDATE impersonation SET started_at = started_at - interval '1 day' - interval '2 hours',
			ended_at = ended_at - interval '1 day' - interval '2 hours' + interval '12 minutes' WHERE id = ${impersonationId}`;
		const wasYesterday = await world.database.sql`SELECT FROM impersonation WHERE id = ${impersonationId}
			AND (started_at AT TIME ZONE 'UTC')::date = ((now() - interval '2 hours') AT TIME ZONE 'UTC')::date - 1`;
		expect(wasYesterday).toHaveLength(1);
		await world.notices.mailOwners();
		await world.notices.mailOwners();
		await world.deliver();
		const mails = world.sent.filter(({ to }) => to === address);
		expect(mails).toHaveLength(1);
		expect(mails[0]?.text).toMatch(/12 minutes, as Owner of North Assigned, and could change things/);
		expect(mails[0]?.text).toContain('North manager looked at 1 page and made 1 change, for support.');
		expect(mails[0]?.text).toContain('/access-history');
	});

	it('counts what was only prepared as no change, and names every mode that was held', async () => {
		const owner = world.contact();
		const address = await world.emailOf('contact', owner.contactId);
		const switchTo = switchMode(world.kit);
		const { actor, end, impersonationId } = await world.inside('view');
		await switchTo(actor, 'act', { origin: NO_ORIGIN, isStale: false });
		await act(actor, 'draft.prepared', { type: 'draft', id: randomUUID(), label: 'Delete plan.pdf' });
		await switchTo(actor, 'view', { origin: NO_ORIGIN, isStale: false });
		await end();
		await world.database.owner`UPDATE impersonation SET started_at = started_at - interval '26 hours',
			ended_at = ended_at - interval '26 hours' + interval '5 minutes' WHERE id = ${impersonationId}`;
		await world.database.owner`DELETE FROM mail`;
		await world.database.owner`DELETE FROM outbox`;
		await world.notices.mailOwners();
		await world.deliver();
		expect(world.sent.find(({ to }) => to === address)?.text).toContain(
			'as Owner of North Assigned, and could only look, then change things, then only look: North manager looked at no page and changed nothing, prepared 1 action for your approval, for support.'
		);
	});
});
