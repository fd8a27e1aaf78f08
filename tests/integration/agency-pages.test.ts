import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { listActions } from '#server/usecases/agency/list-actions.ts';
import { listClientImpersonations } from '#server/usecases/agency/list-client-impersonations.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { foldTallies } from '#server/db/tallies.ts';
import { listClients } from '#server/usecases/clients/list-clients.ts';
import { readAction } from '#server/usecases/agency/read-action.ts';
import { readActionChoices } from '#server/usecases/agency/read-action-choices.ts';
import { readChainState } from '#server/usecases/agency/read-chain-state.ts';
import { readClient } from '#server/usecases/agency/read-client.ts';
import { readRestart } from '#server/usecases/agency/read-restart.ts';
import { listTeam, teamFilters } from '#server/usecases/team/list-team.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';
import { impersonate, impersonationKit, NO_ORIGIN, signInStaff, startForm } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let olivia: StaffActor;
let manager: StaffActor;

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north'): Promise<StaffActor> =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const inside = () =>
	impersonate(db, {
		agencyId: both.north.agencyId,
		staffId: both.north.staff.manager,
		clientId: both.north.clients.assigned.clientId,
		contactId: both.north.clients.assigned.owner
	});

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	// Thirty more, so that pages have an edge, with names that a pattern could mistake.
	for (let n = 1; n <= 30; n += 1)
		await db.execute(sql`INSERT INTO client (id, agency_id, name, status, created_at) VALUES (${randomUUID()},
			${both.north.agencyId}, ${n === 1 ? '100% Wool_ly' : `Zeta ${String(n).padStart(2, '0')}`},
			${n % 10 === 0 ? 'archived' : 'active'}, now())`);
	olivia = await signIn('superAdmin');
	manager = await signIn('manager');
});

beforeEach(async () => {
	await db.execute(
		sql`UPDATE impersonation SET state = 'ended', ended_at = now(), end_reason = 'limit' WHERE state <> 'ended'`
	);
});

describe('the list of clients', () => {
	const list = (address: Record<string, string>, actor = olivia) =>
		listClients({ db })(actor, clientFilters.parse(address));
	const names = async (address: Record<string, string>, actor = olivia) =>
		(await list(address, actor)).rows.map((row) => row.name);

	it('searches by the client and by its people, in any case', async () => {
		expect(await names({ q: 'unASSigned' })).toEqual(['North Unassigned']);
		expect(await names({ q: 'owner@north-opted' })).toEqual(['North Opted Out']);
	});

	it.each([
		['%', '100% Wool_ly'],
		['_', '100% Wool_ly']
	])('takes %s in a search for itself, not for a pattern', async (q, name) => {
		expect(await names({ q })).toEqual([name]);
	});

	it('filters by status and by assignee, also "me"', async () => {
		expect(await names({ status: 'archived' })).toEqual(['Zeta 10', 'Zeta 20', 'Zeta 30']);
		expect(await names({ assignee: 'me' }, manager)).toEqual([
			'North Assigned',
			'North Inactive',
			'North Opted Out'
		]);
		expect(await names({ assignee: both.north.staff.assignee })).toEqual(['North Assigned']);
	});

	it('sorts both ways', async () => {
		const up = await names({ sort: 'name' });
		const down = await names({ sort: '-name' });
		expect(up[0]).toBe('100% Wool_ly');
		expect(down[0]).toBe('Zeta 30');
		expect((await list({ sort: '-tasks' })).rows[0]?.openTasks).toBe(1);
	});

	it('sorts by open tasks as they are now, whether they were folded into the clients’ rows or not', async () => {
		const { agencyId, clients } = both.north;
		const [zeta] = (await list({ q: 'Zeta 30' })).rows;
		const addTask = (clientId: string) =>
			db.execute(sql`INSERT INTO task (id, agency_id, client_id, title, made_by_contact_id) VALUES
				(gen_random_uuid(), ${agencyId}, ${clientId}, 'Sorted', ${clients.assigned.owner})`);
		const expectSorted = async () => {
			const rows = [
				...(await list({ sort: '-tasks' })).rows,
				...(await list({ sort: '-tasks', page: '2' })).rows
			];
			const byHand = rows.toSorted(
				(a, b) => b.openTasks - a.openTasks || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)
			);
			expect(rows).toEqual(byHand);
			expect(new Set(rows.map(({ id }) => id)).size).toBe(34);
			return rows.slice(0, 2).map(({ name, openTasks }) => [name, openTasks]);
		};
		for (const clientId of [clients.assigned.clientId, zeta!.id, zeta!.id]) await addTask(clientId);
		const sorted = await expectSorted();
		await foldTallies(db);
		expect(await expectSorted()).toEqual(sorted);
		await addTask(zeta!.id);
		expect((await expectSorted())[0]).toEqual(['Zeta 30', 3]);
		const up = await list({ sort: 'tasks', page: '2' });
		expect(up.rows.at(-1)?.name).toBe('Zeta 30');
		await db.execute(sql`DELETE FROM task WHERE title = 'Sorted'`);
	});

	it('pages by 25 without losing or repeating one', async () => {
		const [first, second] = await Promise.all([list({}), list({ page: '2' })]);
		expect(first.total).toBe(34);
		expect(first.rows).toHaveLength(25);
		const all = [...first.rows, ...second.rows].map((row) => row.id);
		expect(new Set(all).size).toBe(34);
	});

	it('takes nonsense in the address for nothing', async () => {
		const odd = { status: "x'--", sort: 'password', page: '-3', assignee: 'all; DROP TABLE client' };
		expect((await list(odd)).total).toBe(34);
	});

	it('lists all clients to a manager, who may impersonate only assigned ones', async () => {
		expect((await list({}, manager)).total).toBe(34);
		const { unassigned, assigned } = both.north.clients;
		const one = await readClient({ db })(manager, unassigned.clientId);
		expect(one.impersonate?.refusal).toContain('is not assigned to you');
		expect((await readClient({ db })(manager, assigned.clientId)).impersonate?.refusal).toBeNull();
	});
});

describe('two agencies', () => {
	it('never see each other in any list', async () => {
		const south = await signIn('superAdmin', 'south');
		const { rows, staff } = await listClients({ db })(south, clientFilters.parse({ q: 'o' }));
		expect(rows.every((row) => row.name.startsWith('South'))).toBe(true);
		expect(staff.every((person) => person.name.startsWith('South'))).toBe(true);
		const team = await listTeam({ db })(south, teamFilters.parse({}));
		expect(team.rows.map((row) => row.name).every((name) => name.startsWith('South'))).toBe(true);
		await inside();
		expect((await listActions({ db })(south, actionFilters.parse({}))).rows).toEqual([]);
		const choices = await readActionChoices({ db })(south);
		expect(JSON.stringify(choices)).not.toContain('North');
	});

	it('find nothing by the other’s ids', async () => {
		const { impersonationId } = await inside();
		const south = await signIn('superAdmin', 'south');
		const { clientId } = both.north.clients.assigned;
		const [row] = (await listActions({ db })(olivia, actionFilters.parse({}))).rows;
		const gone = { code: 'not_found' };
		await expect(readClient({ db })(south, clientId)).rejects.toMatchObject(gone);
		await expect(
			listClientImpersonations({ db })(south, clientId, { sort: '-started', page: 1 })
		).rejects.toMatchObject(gone);
		await expect(listActions({ db })(south, actionFilters.parse({ client: clientId }))).rejects.toMatchObject(
			gone
		);
		expect(await readAction({ db })(south, row!.seq)).toBeNull();
		const byStay = await listActions({ db })(south, actionFilters.parse({ impersonation: impersonationId }));
		expect(byStay.total).toBe(0);
	});
});

describe('client details', () => {
	it('offers each contact or says why not, and shows who is inside', async () => {
		const { impersonationId } = await inside();
		const details = await readClient({ db })(manager, both.north.clients.assigned.clientId);
		expect(details.contacts.map((contact) => [contact.isOwner, contact.refusal])).toEqual([
			[true, null],
			[false, null]
		]);
		expect(details.inside).toMatchObject([{ impersonationId, staff: 'North manager', mode: 'act' }]);
		expect(details.counts).toMatchObject({ tasks: 1, files: 1, invoices: 1 });
	});

	it('has no button for a role without the permission', async () => {
		for (const who of ['assignee', 'supervisor'] as const)
			expect(
				(await readClient({ db })(await signIn(who), both.north.clients.assigned.clientId)).impersonate
			).toBeNull();
	});

	it.each([
		['optedOut', 'opted out of impersonation'],
		['inactive', 'is inactive']
	] as const)('says in words why %s cannot be entered', async (which, words) => {
		const details = await readClient({ db })(manager, both.north.clients[which].clientId);
		expect(details.impersonate?.refusal).toContain(words);
	});

	it('offers the other contact when the owner is deactivated', async () => {
		const { clientId, owner } = both.north.clients.assigned;
		await db.execute(sql`UPDATE contact SET active = false WHERE id = ${owner}`);
		const details = await readClient({ db })(manager, clientId);
		expect(details.impersonate?.refusal).toBeNull();
		expect(details.contacts[0]?.refusal).toContain('no active contact');
		await db.execute(sql`UPDATE contact SET active = true WHERE id = ${owner}`);
	});

	it('answers an id that is none as a client that is none', async () => {
		await expect(readClient({ db })(olivia, "x' OR 1=1")).rejects.toMatchObject({ code: 'not_found' });
	});

	it('restarts only one’s own, of this client, at the page last looked at', async () => {
		const { impersonationId, pageId } = await inside();
		const { clientId, owner } = both.north.clients.assigned;
		await db.execute(sql`UPDATE page SET address = '/tasks?page=2' WHERE id = ${pageId}`);
		const restart = await readRestart({ db })(manager, clientId, impersonationId);
		expect(restart).toMatchObject({
			contactId: owner,
			mode: 'act',
			reason: 'support',
			enterAt: '/tasks?page=2'
		});
		expect(await readRestart({ db })(olivia, clientId, impersonationId)).toBeNull();
		expect(
			await readRestart({ db })(manager, both.north.clients.unassigned.clientId, impersonationId)
		).toBeNull();
		await db.execute(sql`UPDATE page SET address = '//evil.test/' WHERE id = ${pageId}`);
		expect((await readRestart({ db })(manager, clientId, impersonationId))?.enterAt).toBe('/');
	});
});

describe('the action log', () => {
	const list = (address: Record<string, string> = {}) =>
		listActions({ db })(olivia, actionFilters.parse(address));

	it('names the real actor beside the account, and counts refusals as such', async () => {
		const kit = impersonationKit(db);
		const form = startForm({
			clientId: both.north.clients.optedOut.clientId,
			contactId: both.north.clients.optedOut.owner
		});
		await kit.start(manager, form, { endCurrent: false, origin: NO_ORIGIN }).catch(() => null);
		await inside();
		const { rows } = await list();
		expect(rows[0]).toMatchObject({
			title: 'Entered the portal',
			actorKind: 'impersonation',
			staff: 'North manager',
			contact: 'Owner of North Assigned',
			client: { name: 'North Assigned' },
			outcome: 'done'
		});
		const refused = await list({ outcome: 'refused' });
		expect(refused.rows[0]).toMatchObject({ title: 'Started impersonation', refusal: 'start_refused' });
		expect(refused.rows.every((row) => row.outcome === 'refused')).toBe(true);
	});

	it('pages by the row’s number in both directions, without a gap', async () => {
		for (let n = 0; n < 60; n += 1) {
			const { impersonationId, staff } = await inside();
			await impersonationKit(db).end(staff, { impersonationId, reason: 'switch_back' });
		}
		const first = await list();
		const second = await list({ before: first.older! });
		const back = await list({ after: second.newer! });
		expect(first.rows).toHaveLength(50);
		expect(BigInt(second.rows[0]!.seq)).toBeLessThan(BigInt(first.rows.at(-1)!.seq));
		expect(back.rows.at(-1)?.seq).toBe(first.rows.at(-1)?.seq);
		expect(first.newer).toBeNull();
		expect((await list({ before: String(second.rows.at(-1)!.seq) })).rows.length).toBeGreaterThan(0);
	});

	it('filters by client, actor, action and day', async () => {
		const { clientId } = both.north.clients.assigned;
		const found = await list({ client: clientId, actor: manager.staffId, action: 'impersonation.entered' });
		expect(found.total).toBeGreaterThan(0);
		expect(found.rows.every((row) => row.client?.id === clientId && row.title === 'Entered the portal')).toBe(
			true
		);
		expect((await list({ to: '2020-01-01' })).total).toBe(0);
		expect((await list({ from: 'yesterday' })).total).toBe((await list()).total);
	});

	it('opens a row with its hash, linked to the row before', async () => {
		const { rows } = await list();
		const [upper, lower] = await Promise.all(
			rows.slice(0, 2).map((row) => readAction({ db })(olivia, row.seq))
		);
		expect(upper!.hash).toMatch(/^[0-9a-f]{64}$/);
		expect(upper!.previousHash).toBe(lower!.hash);
		expect(upper!.details).not.toBeNull();
		expect(await readAction({ db })(olivia, "1'; --")).toBeNull();
	});

	it('is closed to those without the permission, but for one client’s own rows', async () => {
		const assignee = await signIn('assignee');
		const closed = { code: 'not_allowed' };
		await expect(listActions({ db })(assignee, actionFilters.parse({}))).rejects.toMatchObject(closed);
		await expect(readAction({ db })(assignee, '1')).rejects.toMatchObject(closed);
		const { clientId } = both.north.clients.assigned;
		const own = await listActions({ db })(assignee, actionFilters.parse({ client: clientId }));
		expect(own.total).toBeGreaterThan(0);
	});

	it('says whether the chain is whole, checked at most once a minute', async () => {
		let now = 1_000_000;
		let walks = 0;
		const read = readChainState({
			db,
			clock: { now: () => now },
			verify: (agencyId) => {
				walks += 1;
				return verifyChain({ db, agencyId, trusted: null });
			}
		});
		const [newest] = (await list()).rows;
		expect(await read(olivia)).toMatchObject({ whole: true, to: newest!.seq, checkedAt: now });
		await Promise.all([read(olivia), read(olivia)]);
		expect(walks).toBe(1);
		now += 60_000;
		await read(olivia);
		expect(walks).toBe(2);
	});
});
