import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openPeopleWorld, PASSWORD, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
let owner: ClientActor;
let colleague: ClientActor;
beforeAll(async () => {
	world = await openPeopleWorld();
	owner = world.contact();
	colleague = world.contact(world.both.north.clients.assigned, 'contact');
	await world.givePassword('contact', colleague.contactId);
});
beforeEach(() => world.database.owner`UPDATE contact SET active = true WHERE id = ${colleague.contactId}`);

const remove = () => world.account.removeFromTeam(owner, colleague.contactId, NO_ORIGIN);
const restore = (
	actor: Parameters<PeopleWorld['account']['restoreToTeam']>[0] = owner,
	id = colleague.contactId
) => world.account.restoreToTeam(actor, id, NO_ORIGIN);
const rightsOf = async () =>
	(await world.account.listTeam(owner)).rows.find(({ id }) => id === colleague.contactId)?.rights;
const earlier = () =>
	world.database.owner.begin(async (sql) => {
		await sql`SET LOCAL session_replication_role = replica`;
		await sql`UPDATE action SET at = at - interval '16 minutes' WHERE subject_id = ${colleague.contactId}`;
	});

describe('removing a colleague by mistake', () => {
	it('is taken back with the rights they held; their session stays ended', async () => {
		const rights = await rightsOf();
		const email = await world.emailOf('contact', colleague.contactId);
		const answer = await world.signIn.signInContact(email, PASSWORD, '192.0.2.5');
		const cookie = answer.ok ? answer.cookies.map((line) => line.split(';')[0]).join('; ') : '';
		expect(await world.signIn.contactSession(cookie)).not.toBeNull();
		await remove();
		expect(await world.account.listTeam(owner)).toMatchObject({
			total: 1,
			removed: [{ id: colleague.contactId }]
		});
		await restore();
		expect(await world.lastAction()).toMatchObject({ action: 'contact.restored', outcome: 'done' });
		expect(await world.account.listTeam(owner)).toMatchObject({ total: 2, removed: [] });
		expect(await rightsOf()).toEqual(rights);
		expect(await world.signIn.contactSession(cookie)).toBeNull();
		await expect(restore()).rejects.toMatchObject({ code: 'not_found' });
	});

	it('is too late after a while, and never undoes what the agency did', async () => {
		await remove();
		await earlier();
		expect((await world.account.listTeam(owner)).removed).toEqual([]);
		await expect(restore()).rejects.toMatchObject({ code: 'conflict' });
		const admin = await world.staff('admin');
		const { clientId } = colleague;
		const subject = { type: 'contact', id: colleague.contactId, label: 'Colleague' };
		await world.kit.act(admin, { action: 'contact.removed', clientId, subject }, () =>
			Promise.resolve({ value: null })
		);
		expect((await world.account.listTeam(owner)).removed).toEqual([]);
		await expect(restore()).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is the owner’s alone: no colleague, no other client, nobody inside', async () => {
		await remove();
		const other = world.contact(world.both.north.clients.unassigned);
		await expect(restore(other)).rejects.toMatchObject({ code: 'not_found' });
		await expect(restore(world.other())).rejects.toMatchObject({ code: 'not_found' });
		const { actor, end } = await world.inside('act');
		await expect(restore(actor)).rejects.toMatchObject({ code: 'forbidden' });
		expect(await world.lastAction()).toMatchObject({ action: 'contact.restored', refusal: 'forbidden' });
		await end();
		await restore();
		await expect(restore(colleague, owner.contactId)).rejects.toMatchObject({ code: 'not_allowed' });
	});
});

it('a team of many is read a page at a time, every one of it', async () => {
	const { agencyId, clientId } = owner;
	const people = Array.from({ length: 60 }, (_, n) => ({
		id: randomUUID(),
		agency_id: agencyId,
		client_id: clientId,
		name: `Person ${String(n).padStart(2, '0')}`,
		email: `person-${n}@many.test`
	}));
	await world.database.owner`INSERT INTO contact ${world.database.owner(people)}`;
	const pages = await Promise.all([1, 2, 3].map((page) => world.account.listTeam(owner, page)));
	expect(pages.map(({ rows }) => rows.length)).toEqual([25, 25, 12]);
	expect(pages[0]!.rows[0]).toMatchObject({ isOwner: true });
	expect(new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(62);
});

describe('signing in where the account is closed', () => {
	const client = () => world.both.north.clients.assigned;
	const status = (value: 'active' | 'inactive' | 'archived') =>
		world.database.owner`UPDATE client SET status = ${value} WHERE id = ${client().clientId}`;
	const sessions = async () =>
		(await world.database.sql`SELECT count(*)::int AS n FROM contact_session`)[0]!['n'];
	const seen = async () =>
		(await world.database.sql`SELECT last_sign_in_at FROM contact WHERE id = ${colleague.contactId}`)[0];
	const attempt = async (password: string) => {
		const email = await world.emailOf('contact', colleague.contactId);
		const answer = await world.signIn.signInContact(email, password, '192.0.2.6');
		if (answer.ok || answer.reason !== 'closed') return answer.ok ? 'in' : answer.reason;
		return world.signIn.explainClosed(email);
	};

	it.each([
		['inactive', /not active at the moment.*Ask North\.$/],
		['archived', /was closed.*Ask North\.$/]
	] as const)(
		'says of an %s client why and whom to ask, to the right password alone',
		async (to, sentence) => {
			await status(to);
			const before = [await sessions(), await seen()];
			expect(await attempt(PASSWORD)).toMatch(sentence);
			expect(await attempt('a wrong password')).toBe('wrong');
			expect([await sessions(), await seen()]).toEqual(before);
			await status('active');
			expect(await attempt(PASSWORD)).toBe('in');
		}
	);

	it('says to a person whose access was taken away whom to ask', async () => {
		await remove();
		expect(await attempt(PASSWORD)).toMatch(/taken away\. Ask Owner of North Assigned, or North\.$/);
		expect(await attempt('a wrong password')).toBe('wrong');
	});
});
