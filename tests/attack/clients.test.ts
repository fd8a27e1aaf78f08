// Clients of another agency, people who may only look, and addresses that are somebody's.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { bulkInput } from '#server/usecases/clients/change-clients.ts';
import { clientFields } from '#server/usecases/clients/client-fields.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { clientKit, formOf, lastAction } from '#support/client-kit.ts';
import { NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ReturnType<typeof clientKit>;
let admin: StaffActor;

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north') =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const NOT_FOUND = { code: 'not_found' };

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = clientKit(db);
	admin = await signIn('admin');
});

const { ownerName: _name, ownerEmail: _email, ownerJobTitle: _title, staffIds: _ids, ...fields } = formOf({});
const attemptsOn = (actor: StaffActor, clientId: string, contactId: string): (() => Promise<unknown>)[] => [
	() => kit.edit(actor, { ...fields, clientId }, NO_ORIGIN),
	() => kit.changeStatus(actor, { clientId, change: 'archive', to: 'active' }, NO_ORIGIN),
	() => kit.assign(actor, { clientId, staffIds: [] }, NO_ORIGIN),
	() =>
		kit.inviteContact(
			actor,
			{ clientId, name: 'M', email: `${randomUUID()}@x.test`, jobTitle: '', phone: '', rights: [] },
			NO_ORIGIN
		),
	() => kit.reinviteContact(actor, { clientId, contactId }, NO_ORIGIN),
	() =>
		kit.editContact(
			actor,
			{ clientId, contactId, name: 'M', email: 'm@x.test', jobTitle: '', phone: '' },
			NO_ORIGIN
		),
	() =>
		kit.changeContactRights(actor, { clientId, contactId, rights: ['billing'], makeOwner: false }, NO_ORIGIN),
	() => kit.changeContactState(actor, { clientId, contactId, active: false }, NO_ORIGIN)
];
const everything = () =>
	db.execute(sql`SELECT c.id, c.name, c.status, k.id AS contact, k.name AS contact_name, k.email, k.rights, k.active, k.is_owner,
		(SELECT count(*)::int FROM client_assignment x WHERE x.client_id = c.id) AS assigned
		FROM client c JOIN contact k ON k.client_id = c.id ORDER BY c.id, k.id`);

describe('who may only look', () => {
	it.each(['manager', 'assignee', 'supervisor'] as const)(
		'a %s changes no client and exports none',
		async (who) => {
			const actor = await signIn(who);
			const { clientId, contact } = both.north.clients.assigned;
			const before = await everything();
			const attempts = [
				...attemptsOn(actor, clientId, contact),
				() => kit.create(actor, formOf({ name: 'Mine' }), NO_ORIGIN),
				() => kit.exportList(actor, clientFilters.parse({}), NO_ORIGIN),
				() =>
					kit.changeMany(
						actor,
						{ clientIds: [clientId], what: 'archive', staffId: '', wasInactive: [] },
						NO_ORIGIN
					)
			];
			for (const attempt of attempts) {
				await expect(attempt()).rejects.toMatchObject({ code: 'not_allowed' });
				expect(await lastAction(db)).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' });
			}
			expect(await everything()).toEqual(before);
		}
	);
});

describe('another agency’s', () => {
	it('clients and contacts cannot be changed by their ids, nor a contact through a client of one’s own', async () => {
		const before = await everything();
		const theirs = both.south.clients.assigned;
		const mine = both.north.clients.assigned;
		for (const attempt of attemptsOn(admin, theirs.clientId, theirs.contact))
			await expect(attempt()).rejects.toMatchObject(NOT_FOUND);
		const mixed = attemptsOn(admin, mine.clientId, theirs.contact).slice(4);
		for (const attempt of mixed) await expect(attempt()).rejects.toMatchObject(NOT_FOUND);
		const sibling = attemptsOn(admin, mine.clientId, both.north.clients.optedOut.contact).slice(4);
		for (const attempt of sibling) await expect(attempt()).rejects.toMatchObject(NOT_FOUND);
		for (const text of ['', 'x', "'; DROP TABLE client"])
			for (const attempt of attemptsOn(admin, text, mine.contact))
				await expect(attempt()).rejects.toMatchObject(NOT_FOUND);
		expect(await everything()).toEqual(before);
	});

	it('staff cannot be given a client, nor somebody deactivated', async () => {
		const { clientId } = both.north.clients.assigned;
		const before = await everything();
		const assign = (staffIds: string[]) => kit.assign(admin, { clientId, staffIds }, NO_ORIGIN);
		await expect(assign([both.south.staff.manager])).rejects.toMatchObject({ code: 'invalid' });
		await expect(
			kit.create(admin, formOf({ name: 'With theirs', staffIds: [both.south.staff.admin] }), NO_ORIGIN)
		).rejects.toMatchObject({ code: 'invalid' });
		const bulk = await kit.changeMany(
			admin,
			{ clientIds: [clientId], what: 'assign', staffId: both.south.staff.manager, wasInactive: [] },
			NO_ORIGIN
		);
		expect(bulk).toMatchObject({ done: [], left: 1 });
		await db.execute(sql`UPDATE staff SET active = false WHERE id = ${both.north.staff.supervisor}`);
		await expect(assign([both.north.staff.supervisor])).rejects.toMatchObject({ code: 'invalid' });
		expect(await everything()).toEqual(before);
	});
});

describe('an address that is in use', () => {
	it('is refused by one sentence, whoever has it and wherever', async () => {
		const { clientId } = both.north.clients.assigned;
		const emails = ['owner@north-opted-out.test', 'owner@south-assigned.test', 'admin@north.test'];
		const sentences = new Set<string>();
		for (const email of emails)
			await kit
				.inviteContact(admin, { clientId, name: 'X', email, jobTitle: '', phone: '', rights: [] }, NO_ORIGIN)
				.catch((error: Error) => sentences.add(error.message));
		expect([...sentences]).toEqual(['Nobody can be invited at this address. Check it, or use another one.']);
	});

	it('goes to one of two invitations sent at the same moment', async () => {
		const input = { name: 'Twin', email: 'twin@x.test', jobTitle: '', phone: '', rights: [] };
		const { assigned, optedOut } = both.north.clients;
		const results = await Promise.allSettled(
			[assigned, optedOut].map(({ clientId }) => kit.inviteContact(admin, { ...input, clientId }, NO_ORIGIN))
		);
		expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
		expect(await db.execute(sql`SELECT FROM contact WHERE email = 'twin@x.test'`)).toHaveLength(1);
	});
});

describe('what forms send', () => {
	it.each(['javascript:alert(1)', 'https://user:pw@x.test', 'ftp://x.test', 'https://', 'x y'])(
		'takes no website like %s',
		(website) => {
			const parsed = clientFields.safeParse({ name: 'X', website });
			// "x y" and other schemes are tried as hosts under https and fail there.
			expect(parsed.success).toBe(false);
		}
	);

	it('is bounded in length and number', () => {
		expect(clientFields.safeParse({ name: 'x'.repeat(121) }).success).toBe(false);
		expect(clientFields.safeParse({ name: 'x', internalNote: 'x'.repeat(5_001) }).success).toBe(false);
		const ids = Array.from({ length: 101 }, () => randomUUID());
		expect(bulkInput.safeParse({ clientIds: ids, what: 'archive' }).success).toBe(false);
		expect(bulkInput.safeParse({ clientIds: ['x'], what: 'archive' }).success).toBe(false);
		expect(bulkInput.safeParse({ clientIds: [randomUUID()], what: 'assign' }).success).toBe(false);
	});
});
