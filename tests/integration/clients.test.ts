import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { readContactContext } from '#server/usecases/sign-in/read-contact-context.ts';
import { editClientFields } from '#server/usecases/clients/edit-client.ts';
import { readQuota } from '#server/usecases/files/quota.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { impersonate, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { clientKit, formOf, lastAction, mailsTo } from '#support/client-kit.ts';
import { createTestDatabase } from '#support/test-database.ts';
import {
	seedTwoAgencies,
	type SeededClient,
	type SeededStaff,
	type TwoAgencies
} from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ReturnType<typeof clientKit>;
let admin: StaffActor;
let client: SeededClient;

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north') =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const statusOf = async (id: string) => {
	const [row] = await db.execute<{ status: string; archived: boolean }>(
		sql`SELECT status, archived_at IS NOT NULL AS archived FROM client WHERE id = ${id}`
	);
	return row;
};
const assigneesOf = async (id: string) => {
	const rows = await db.execute<{ id: string }>(
		sql`SELECT staff_id AS id FROM client_assignment WHERE client_id = ${id} ORDER BY staff_id`
	);
	return rows.map((row) => row.id);
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = clientKit(db);
	admin = await signIn('admin');
});
beforeEach(async () => {
	client = both.north.clients.assigned;
	await db.execute(sql`UPDATE impersonation SET state = 'ended', ended_at = now() WHERE state <> 'ended'`);
	await db.execute(
		sql`UPDATE client SET status = 'active', archived_at = NULL WHERE id = ${client.clientId}`
	);
	await db.execute(sql`UPDATE contact SET active = true WHERE client_id = ${client.clientId}`);
});

describe('a new client', () => {
	it('comes with its owner, who is invited by a link that only their mail holds, and its colleagues', async () => {
		const { manager, assignee } = both.north.staff;
		const form = formOf({ name: 'Fir & Fern', website: 'fir.test', staffIds: [manager, assignee] });
		const id = await kit.create(admin, form, NO_ORIGIN);
		const [row] =
			await db.execute(sql`SELECT c.name, c.status, c.website, k.name AS owner, k.email, k.is_owner, k.rights, k.active
			FROM client c JOIN contact k ON k.client_id = c.id WHERE c.id = ${id}`);
		expect(row).toEqual({
			name: 'Fir & Fern',
			status: 'active',
			website: 'https://fir.test',
			owner: 'Flo Fir',
			email: 'flo@fir.test',
			is_owner: true,
			rights: ['tasks', 'files', 'orders', 'billing'],
			active: true
		});
		expect(await assigneesOf(id)).toEqual([manager, assignee].toSorted());
		const [mail] = await mailsTo(db, 'flo@fir.test');
		expect(mail?.link).toMatch(/^http:\/\/portal\.test\/invitation\/[\w-]{20,}$/);
		expect(await lastAction(db)).toMatchObject({
			action: 'client.created',
			client_id: id,
			outcome: 'done',
			details: { subject: 'Fir & Fern', owner: 'Flo Fir' }
		});
	});

	it('is not made at all when its owner cannot be invited', async () => {
		const form = formOf({ name: 'Half Made', ownerEmail: 'owner@south-assigned.test' });
		await expect(kit.create(admin, form, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict',
			details: { field: 'ownerEmail' }
		});
		expect(await db.execute(sql`SELECT FROM client WHERE name = 'Half Made'`)).toHaveLength(0);
	});
});

describe('the facts', () => {
	it('change with what was before named in the log, but no private text', async () => {
		const {
			ownerName: _n,
			ownerEmail: _e,
			...fields
		} = formOf({ name: 'North Renamed', internalNote: 'Owes us lunch' });
		await kit.edit(admin, { ...fields, clientId: client.clientId }, NO_ORIGIN);
		const last = await lastAction(db);
		expect(last).toMatchObject({ action: 'client.edited', details: { nameBefore: 'North Assigned' } });
		expect(last?.details['changed']).toContain('internalNote');
		expect(JSON.stringify(last)).not.toContain('lunch');
	});
});

describe('the storage', () => {
	const GB = 1024 ** 3;
	const { ownerName: _n, ownerEmail: _e, ...facts } = formOf({ name: 'North Stored' });
	const save = (quotaBytes?: string, who = admin) =>
		kit.edit(
			who,
			{ ...editClientFields.parse({ ...facts, quotaBytes }), clientId: client.clientId },
			NO_ORIGIN
		);
	const limit = async () => {
		const { clientId } = client;
		return (await readQuota(db, { agencyId: both.north.agencyId, clientId })).limitBytes;
	};

	it('is the client’s own once given, in a row with what was before, and the agency’s when emptied', async () => {
		const usual = await limit();
		expect(await kit.readStorage(admin, client.clientId)).toEqual({ own: null, usual });
		await save('12');
		expect(await limit()).toBe(12 * GB);
		expect(await kit.readStorage(admin, client.clientId)).toEqual({ own: 12 * GB, usual });
		expect(await lastAction(db)).toMatchObject({
			action: 'client.edited',
			client_id: client.clientId,
			details: { before: { quotaBytes: null }, after: { quotaBytes: 12 * GB } }
		});
		// A form without the field, as one that was open before there was any, takes nothing away.
		await save();
		expect(await limit()).toBe(12 * GB);
		expect((await lastAction(db))?.details).not.toHaveProperty('after');
		await save('');
		expect(await limit()).toBe(usual);
		expect(await lastAction(db)).toMatchObject({
			details: { before: { quotaBytes: 12 * GB }, after: { quotaBytes: null } }
		});
	});

	it.each(['0', '1001', '-1', '1.5', 'ten', '9999999'])('of %s gigabytes is refused', (quotaBytes) => {
		const { error } = editClientFields.safeParse({ ...facts, quotaBytes });
		expect(error?.issues).toMatchObject([
			{ path: ['quotaBytes'], message: 'Type a whole number of gigabytes from 1 to 1000.' }
		]);
	});

	it('is not changed by those who may not edit clients, nor told to another agency', async () => {
		const before = await limit();
		await expect(save('500', await signIn('assignee'))).rejects.toMatchObject({ code: 'not_allowed' });
		const stranger = await signIn('admin', 'south');
		await expect(save('500', stranger)).rejects.toMatchObject({ code: 'not_found' });
		await expect(kit.readStorage(stranger, client.clientId)).rejects.toMatchObject({ code: 'not_found' });
		expect(await limit()).toBe(before);
	});
});

describe('closing a portal', () => {
	const inside = () =>
		impersonate(db, {
			agencyId: both.north.agencyId,
			staffId: both.north.staff.manager,
			clientId: client.clientId,
			contactId: client.owner
		});
	const endOf = async (id: string) => {
		const [row] = await db.execute<{ state: string; end_reason: string }>(
			sql`SELECT state, end_reason FROM impersonation WHERE id = ${id}`
		);
		return row;
	};

	it.each(['archive', 'deactivate'] as const)(
		'by %s signs contacts out, ends who is inside and keeps all',
		async (change) => {
			await db.execute(sql`INSERT INTO contact_session (id, user_id, token, expires_at)
			VALUES (${randomUUID()}, ${client.owner}, ${randomUUID()}, now() + interval '1 hour')`);
			const { impersonationId } = await inside();
			const { before } = await kit.changeStatus(
				admin,
				{ clientId: client.clientId, change, to: 'active' },
				NO_ORIGIN
			);
			expect(before).toBe('active');
			expect(await endOf(impersonationId)).toEqual({ state: 'ended', end_reason: 'lost_right' });
			expect(await db.execute(sql`SELECT FROM contact_session WHERE user_id = ${client.owner}`)).toHaveLength(
				0
			);
			expect(await readContactContext({ db })(client.owner)).toBeNull();
			expect(await db.execute(sql`SELECT FROM task WHERE client_id = ${client.clientId}`)).toHaveLength(1);
		}
	);

	it('is undone to what it was before', async () => {
		const status = (change: 'archive' | 'restore' | 'deactivate', to: 'active' | 'inactive' = 'active') =>
			kit.changeStatus(admin, { clientId: client.clientId, change, to }, NO_ORIGIN);
		await status('deactivate');
		expect(await status('archive')).toEqual({ before: 'inactive' });
		expect(await statusOf(client.clientId)).toEqual({ status: 'archived', archived: true });
		await status('restore', 'inactive');
		expect(await statusOf(client.clientId)).toEqual({ status: 'inactive', archived: false });
	});

	it('twice is refused in words and changes nothing', async () => {
		const archive = () =>
			kit.changeStatus(admin, { clientId: client.clientId, change: 'archive', to: 'active' }, NO_ORIGIN);
		await archive();
		await expect(archive()).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('who looks after a client', () => {
	it('is set as a whole, and the log names who came and went', async () => {
		const { admin: adam, manager } = both.north.staff;
		await kit.assign(admin, { clientId: client.clientId, staffIds: [manager, adam] }, NO_ORIGIN);
		expect(await assigneesOf(client.clientId)).toEqual([manager, adam].toSorted());
		expect(await lastAction(db)).toMatchObject({
			action: 'client.assigned',
			details: { added: ['North admin'], removed: ['North assignee'] }
		});
		await kit.assign(admin, { clientId: client.clientId, staffIds: [] }, NO_ORIGIN);
		expect(await assigneesOf(client.clientId)).toEqual([]);
	});

	it('of many clients changes for each by itself and tells what was left out', async () => {
		const { unassigned, optedOut } = both.north.clients;
		const theirs = both.south.clients.assigned;
		const clientIds = [unassigned, optedOut, theirs].map((one) => one.clientId);
		const { assignee } = both.north.staff;
		const answer = await kit.changeMany(
			admin,
			{ clientIds, what: 'assign', staffId: assignee, wasInactive: [] },
			NO_ORIGIN
		);
		expect(answer).toEqual({
			done: clientIds.slice(0, 2),
			wasInactive: [],
			left: 1,
			sentence: 'There is no such client.'
		});
		expect(await assigneesOf(optedOut.clientId)).toContain(both.north.staff.manager);
		expect(await assigneesOf(unassigned.clientId)).toEqual([assignee]);
		const undone = await kit.changeMany(
			admin,
			{ clientIds: answer.done, what: 'unassign', staffId: assignee, wasInactive: [] },
			NO_ORIGIN
		);
		expect(undone.done).toHaveLength(2);
		expect(await assigneesOf(unassigned.clientId)).toEqual([]);
	});
});

describe('contacts', () => {
	const input = (email: string, more = {}) => ({
		clientId: client.clientId as string,
		name: 'Nia New',
		email,
		jobTitle: 'Buyer',
		phone: '',
		rights: ['tasks' as const],
		...more
	});

	it('are invited, re-invited with the older link dead, corrected, and then keep their own address', async () => {
		const id = await kit.inviteContact(admin, input('nia@new.test'), NO_ORIGIN);
		await kit.reinviteContact(admin, { clientId: client.clientId, contactId: id }, NO_ORIGIN);
		const live = await db.execute(
			sql`SELECT FROM invitation WHERE contact_id = ${id} AND expires_at > now() AND used_at IS NULL`
		);
		expect(live).toHaveLength(1);
		const corrected = { ...input('nia@newer.test'), contactId: id };
		await kit.editContact(admin, corrected, NO_ORIGIN);
		expect(await mailsTo(db, 'nia@newer.test')).toHaveLength(1);
		await db.execute(sql`INSERT INTO contact_account (id, user_id, account_id, provider_id, password)
			VALUES (${randomUUID()}, ${id}, ${id}, 'credential', 'x')`);
		await expect(
			kit.editContact(admin, { ...corrected, email: 'thief@new.test' }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict', details: { field: 'email' } });
		await expect(
			kit.reinviteContact(admin, { clientId: client.clientId, contactId: id }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
	});

	it('hand the ownership over in one step and lose sign-in and open links when deactivated', async () => {
		const { owner, contact, clientId } = client;
		const state = (contactId: string, active: boolean) =>
			kit.changeContactState(admin, { clientId, contactId, active }, NO_ORIGIN);
		await expect(state(owner, false)).rejects.toMatchObject({ code: 'conflict' });
		await kit.changeContactRights(
			admin,
			{ clientId, contactId: contact, rights: [], makeOwner: true },
			NO_ORIGIN
		);
		const owners = await db.execute<{ id: string }>(
			sql`SELECT id FROM contact WHERE client_id = ${clientId} AND is_owner`
		);
		expect(owners.map((row) => row.id)).toEqual([contact]);
		expect(await lastAction(db)).toMatchObject({
			action: 'contact.made_owner',
			subject_id: contact,
			details: { formerOwner: 'Owner of North Assigned', formerOwnerId: owner, formerOwnerMailed: true }
		});
		// In the very change: deactivating the former owner a moment later does not keep it back.
		const [address] = await db.execute<{ email: string }>(sql`SELECT email FROM contact WHERE id = ${owner}`);
		expect((await mailsTo(db, address!.email)).at(-1)).toMatchObject({
			subject: expect.stringContaining('has another owner at North'),
			link: 'http://portal.test/account/team'
		});
		await expect(
			kit.changeContactRights(admin, { clientId, contactId: contact, rights: [], makeOwner: true }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
		await state(owner, false);
		expect(await readContactContext({ db })(owner)).toBeNull();
		await state(owner, true);
		expect((await readContactContext({ db })(owner))?.view.contact).toEqual({
			isOwner: false,
			rights: ['tasks', 'files', 'orders', 'billing']
		});
	});

	it('of an archived client are not invited', async () => {
		await db.execute(sql`UPDATE client SET status = 'archived' WHERE id = ${client.clientId}`);
		await expect(kit.inviteContact(admin, input('late@new.test'), NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
	});
});

describe('the export', () => {
	const read = async (address: Record<string, string>, actor = admin) =>
		new Response(await kit.exportList(actor, clientFilters.parse(address), NO_ORIGIN)).text();

	it('holds the filtered rows of all pages, formulas made harmless, and is logged before it is read', async () => {
		for (let n = 0; n < 60; n += 1)
			await db.execute(sql`INSERT INTO client (id, agency_id, name) VALUES (${randomUUID() as ClientId},
				${both.north.agencyId}, ${`=cmd|' /C calc'!A${n}`})`);
		const text = await read({ q: 'calc' });
		const lines = text.trim().split('\r\n');
		expect(lines).toHaveLength(61);
		for (const line of lines.slice(1)) expect(line).toMatch(/^"?'=cmd/);
		expect(await lastAction(db)).toMatchObject({
			action: 'clients.exported',
			details: { rows: 60, q: 'calc' }
		});
	});

	it('never holds another agency’s rows', async () => {
		const text = await read({});
		expect(text).toContain('North Opted Out');
		expect(text).not.toContain('South');
	});
});
