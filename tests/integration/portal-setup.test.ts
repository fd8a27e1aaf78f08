import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import { clientPortal } from '#domain/client-portal.ts';
import { menuBelow } from '#domain/portal-setup.ts';
import { portalMenu, type PortalSetup } from '#domain/visibility.ts';
import { composePortalSetup } from '#server/compose/portal-setup.ts';
import type { Parts } from '#server/compose/parts.ts';
import { requireArea } from '#server/usecases/portal/scope.ts';
import { clientPortalInput } from '#server/usecases/portal-setup/change-client-portal.ts';
import { sidebarInput } from '#server/usecases/portal-setup/save-sidebar.ts';
import { defaultsInput } from '#server/usecases/portal-setup/set-portal-defaults.ts';
import { readStaffContext } from '#server/usecases/sign-in/read-staff-context.ts';
import { impersonate, impersonationKit, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let setup: ReturnType<typeof composePortalSetup>;
let kit: ReturnType<typeof impersonationKit>;
let admin: StaffActor;

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north') =>
	signInStaff(database.db, both[side].agencyId, both[side].staff[who]);
const north = () => both.north.clients.assigned;
const contact = (who: 'owner' | 'contact' = 'owner'): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: north().clientId,
	contactId: north()[who]
});
const entries = (below = menuBelow(null)) =>
	Object.entries(below).map(([key, { label, icon }]) => ({ key, label, icon, hidden: false }));
const layers = async () => {
	const { agency, client } = await setup.readClientSetup(admin, north().clientId);
	return { agency, client };
};
const lastAction = async () => {
	const [row] = await database.sql<
		{ action: string; outcome: string; client_id: string | null; details: string }[]
	>`
		SELECT a.action, a.outcome, a.client_id, d.details FROM action a JOIN action_details d USING (seq)
		ORDER BY a.seq DESC LIMIT 1`;
	return { ...row!, details: JSON.parse(row!.details) as Record<string, unknown> };
};

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	kit = impersonationKit(database.db);
	setup = composePortalSetup({ db: database.db, act: kit.act } as unknown as Parts);
	admin = await signIn('admin');
});
beforeEach(async () => {
	await database.owner`UPDATE agency SET portal_setup = '{}'`;
	await database.owner`UPDATE client SET portal_setup = '{}'`;
	await database.owner`UPDATE role SET sidebar = '{}'`;
	await database.owner`UPDATE impersonation SET state = 'ended', ended_at = now(), end_reason = 'limit' WHERE state <> 'ended'`;
});

describe('portal defaults', () => {
	const set = (choices: Record<string, object>, actor = admin) =>
		setup.setDefaults(actor, defaultsInput.parse({ choices }), NO_ORIGIN);

	it('hide an area from the client and from staff inside alike, at the next request', async () => {
		await requireArea(database.db, contact(), 'files');
		await set({ files: { hidden: true } });
		await expect(requireArea(database.db, contact(), 'files')).rejects.toMatchObject({ code: 'not_found' });
		const { actor } = await impersonate(
			database.db,
			{
				...north(),
				agencyId: both.north.agencyId,
				staffId: both.north.staff.manager,
				contactId: north().owner
			},
			kit
		);
		await expect(requireArea(database.db, actor, 'files')).rejects.toMatchObject({ code: 'not_found' });
	});

	it('close a hidden action at the gate, to the client and to staff inside', async () => {
		await set({ 'tasks.create': { hidden: true } });
		const { actor } = await impersonate(
			database.db,
			{
				...north(),
				agencyId: both.north.agencyId,
				staffId: both.north.staff.manager,
				contactId: north().owner,
				mode: 'act'
			},
			kit
		);
		for (const who of [contact(), actor])
			await expect(
				kit.act(who, { action: 'task.created' }, () => Promise.resolve({ value: 1 }))
			).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('are logged with what was before and after', async () => {
		await set({ files: { hidden: true } });
		expect(await lastAction()).toMatchObject({
			action: 'portal.default_changed',
			outcome: 'done',
			details: { changes: [{ element: 'files', setting: 'hidden', before: null, after: true }] }
		});
	});

	it('keep each other when two people save different things', async () => {
		await Promise.all([set({ files: { hidden: true } }), set({ orders: { hidden: true } })]);
		expect((await layers()).agency).toEqual({ files: { hidden: true }, orders: { hidden: true } });
	});

	it('are refused, and the attempt logged, without the permission', async () => {
		await expect(set({ files: { hidden: true } }, await signIn('manager'))).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await lastAction()).toMatchObject({ action: 'portal.default_changed', outcome: 'refused' });
		expect((await layers()).agency).toEqual({});
	});
});

describe('one client’s portal', () => {
	const change = (input: object, actor = admin) =>
		setup.changeClientPortal(
			actor,
			clientPortalInput.parse({ clientId: north().clientId, ...input }),
			NO_ORIGIN
		);

	it('stands over the agency, element by element, and is forgotten when it is reset', async () => {
		await setup.setDefaults(admin, defaultsInput.parse({ choices: { files: { hidden: true } } }), NO_ORIGIN);
		await change({ choices: { files: { hidden: false }, orders: { hidden: true } } });
		await requireArea(database.db, contact(), 'files');
		await expect(requireArea(database.db, contact(), 'orders')).rejects.toMatchObject({ code: 'not_found' });
		await change({ choices: { files: {} } });
		expect((await layers()).client).toEqual({ orders: { hidden: true } });
		await change({ reset: true });
		expect((await layers()).client).toEqual({});
	});

	it('renames and reorders its menu alone, and leaves what is hidden as it is', async () => {
		await change({ choices: { orders: { hidden: true } } });
		const menu = entries().toReversed();
		await change({ entries: menu.map((e) => (e.key === 'tasks' ? { ...e, label: 'Requests' } : e)) });
		const { agency, client } = await layers();
		const shown = portalMenu({ agency, client, contact: { isOwner: true, rights: [] } });
		expect(shown[0]?.label).toBe('Access history');
		expect(shown.map((entry) => entry.label)).toContain('Requests');
		expect(shown.map((entry) => entry.key)).not.toContain('orders');
		const other = both.north.clients.unassigned.clientId;
		expect((await setup.readClientSetup(admin, other)).client).toEqual({});
	});

	it('shows what each contact sees of it, rights included', async () => {
		const portal = clientPortal(await setup.readClientSetup(admin, north().clientId));
		const seen = Object.fromEntries(
			portal.contacts.map(({ isOwner, menu }) => [isOwner, menu.map((e) => e.key)])
		);
		expect(seen['true']).toContain('invoices');
		expect(seen['false']).not.toContain('invoices');
	});

	it('is logged under the client', async () => {
		await change({ choices: { files: { hidden: true } } });
		expect(await lastAction()).toMatchObject({
			action: 'portal.override_changed',
			client_id: north().clientId,
			details: { subject: 'North Assigned' }
		});
	});

	it('of another agency does not exist', async () => {
		const southern = { clientId: both.south.clients.assigned.clientId, reset: true };
		await expect(change(southern)).rejects.toMatchObject({ code: 'not_found' });
		await expect(setup.readClientSetup(admin, southern.clientId)).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('may be looked at by who sees clients, and changed by nobody without the permission', async () => {
		const manager = await signIn('manager');
		expect((await setup.readClientSetup(manager, north().clientId)).contacts).toHaveLength(2);
		await expect(change({ reset: true }, manager)).rejects.toMatchObject({ code: 'not_allowed' });
	});
});

describe('sidebars', () => {
	const roleId = async (key: string, side: keyof TwoAgencies = 'north') => {
		const [row] = await database.sql<{ id: string }[]>`
			SELECT id FROM role WHERE key = ${key} AND agency_id = ${both[side].agencyId}`;
		return row!.id;
	};
	const save = (role: string, list: unknown[], actor = admin) =>
		setup.saveSidebar(actor, sidebarInput.parse({ role, entries: list }), NO_ORIGIN);
	const one = (key: string, more: object = {}) => ({ key, label: '', icon: '', hidden: false, ...more });

	it('of a role reach its people at their next request', async () => {
		await save(await roleId('manager'), [one('clients', { label: 'Customers', icon: 'star' })]);
		const manager = await signIn('manager');
		const context = await readStaffContext({ db: database.db })({
			userId: manager.staffId,
			sessionId: manager.sessionId
		});
		expect(context?.sidebar['clients']).toMatchObject({ label: 'Customers', icon: 'star' });
		expect(await lastAction()).toMatchObject({ action: 'sidebar.changed', details: { subject: 'Manager' } });
	});

	it('of clients hide whole areas, and can be put back', async () => {
		await save(
			'client',
			entries().map((e) => ({ ...e, hidden: e.key === 'files' }))
		);
		await expect(requireArea(database.db, contact(), 'files')).rejects.toMatchObject({ code: 'not_found' });
		await save('client', []);
		await requireArea(database.db, contact(), 'files');
		expect((await layers()).agency).toEqual({});
	});

	it('of another agency’s role, or of none, do not exist', async () => {
		for (const role of [await roleId('manager', 'south'), randomUUID()])
			await expect(save(role, [])).rejects.toMatchObject({ code: 'not_found' });
	});

	it('list the roles of the own agency only', async () => {
		const { roles } = await setup.readSidebars(admin);
		expect(roles.map((role) => role.name)).toEqual(
			expect.arrayContaining(['Super Admin', 'Admin', 'Manager', 'Assignee'])
		);
		expect(roles).toHaveLength(5);
		await expect(setup.readSidebars(await signIn('assignee'))).rejects.toMatchObject({ code: 'not_allowed' });
	});
});

describe('taking a change of set-up back', () => {
	const manager = () => database.sql<{ id: string }[]>`
		SELECT id FROM role WHERE key = 'manager' AND agency_id = ${both.north.agencyId}`;
	const resetOf = (input: object) =>
		setup.changeClientPortal(
			admin,
			clientPortalInput.parse({ clientId: north().clientId, ...input }),
			NO_ORIGIN
		);
	const rows = async () => {
		const [row] = await database.sql<{ n: number }[]>`SELECT count(*)::int AS n FROM action`;
		return row!.n;
	};

	it('restores a client’s own portal as it was before its reset, in a row of its own', async () => {
		await resetOf({ choices: { files: { hidden: true }, orders: { hidden: false } } });
		const before = (await layers()).client;
		const saved = await resetOf({ reset: true });
		await setup.undo(admin, saved!.seq, NO_ORIGIN);
		expect((await layers()).client).toEqual(before);
		expect(await lastAction()).toMatchObject({
			action: 'portal.override_changed',
			client_id: north().clientId,
			details: { undoes: saved!.seq }
		});
	});

	it('restores the agency’s defaults and the menus of clients and of a role', async () => {
		await setup.setDefaults(admin, defaultsInput.parse({ choices: { files: { hidden: true } } }), NO_ORIGIN);
		await setup.saveSidebar(
			admin,
			sidebarInput.parse({ role: 'client', entries: entries().toReversed() }),
			NO_ORIGIN
		);
		const before = (await layers()).agency;
		const cleared = await setup.saveSidebar(
			admin,
			sidebarInput.parse({ role: 'client', entries: [] }),
			NO_ORIGIN
		);
		await setup.undo(admin, cleared!.seq, NO_ORIGIN);
		expect((await layers()).agency).toEqual(before);

		const role = (await manager())[0]!.id;
		const mine = [{ key: 'clients', label: 'Customers', icon: 'star', hidden: false }];
		await setup.saveSidebar(admin, sidebarInput.parse({ role, entries: mine }), NO_ORIGIN);
		const reset = await setup.saveSidebar(admin, sidebarInput.parse({ role, entries: [] }), NO_ORIGIN);
		await setup.undo(admin, reset!.seq, NO_ORIGIN);
		const { roles } = await setup.readSidebars(admin);
		expect(roles.find(({ id }) => id === role)?.sidebar['clients']).toMatchObject({ label: 'Customers' });
	});

	it('leaves what was set otherwise since, and says so when that is all of it', async () => {
		await resetOf({ choices: { files: { hidden: true }, orders: { hidden: true } } });
		const saved = await resetOf({ reset: true });
		await resetOf({ choices: { files: { hidden: false } } });
		await setup.undo(admin, saved!.seq, NO_ORIGIN);
		expect((await layers()).client).toEqual({ files: { hidden: false }, orders: { hidden: true } });
		await expect(setup.undo(admin, saved!.seq, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is nobody’s of another agency, nor without the permission', async () => {
		await resetOf({ choices: { files: { hidden: true } } });
		const saved = await resetOf({ reset: true });
		const southern = await signIn('admin', 'south');
		await expect(setup.undo(southern, saved!.seq, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		await expect(setup.undo(await signIn('manager'), saved!.seq, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await expect(setup.undo(admin, '1 OR 1=1', NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		expect((await layers()).client).toEqual({});
	});

	it('is not needed where saving changed nothing: no row is left of that', async () => {
		await resetOf({ choices: { files: { hidden: true } } });
		const before = await rows();
		expect(await resetOf({ choices: { files: { hidden: true } } })).toBeNull();
		expect(await setup.setDefaults(admin, defaultsInput.parse({ choices: {} }), NO_ORIGIN)).toBeNull();
		expect(
			await setup.saveSidebar(admin, sidebarInput.parse({ role: 'client', entries: [] }), NO_ORIGIN)
		).toBeNull();
		expect(await rows()).toBe(before);
	});
});

describe('what is stored by forged input', () => {
	const stored = async (): Promise<PortalSetup> => (await layers()).client;
	const parse = (input: object) => clientPortalInput.safeParse({ clientId: north().clientId, ...input });

	it('is nothing for keys that do not exist, ten thousand of them too', async () => {
		const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, { hidden: true }]));
		const forged = JSON.parse('{"__proto__":{"hidden":true},"constructor":{"hidden":true}}') as object;
		for (const choices of [many, forged]) {
			const input = parse({ choices });
			if (input.success) await setup.changeClientPortal(admin, input.data, NO_ORIGIN);
			expect(await stored()).toEqual({});
		}
		expect(({} as Record<string, unknown>)['hidden']).toBeUndefined();
	});

	it.each([
		['10 000 characters', 'x'.repeat(10_000)],
		['a direction mark', 'Tasks‮gpj.exe'],
		['a line break', 'Tasks\nInvoices']
	])('is refused for a name with %s', (_what, label) => {
		expect(parse({ entries: [{ key: 'tasks', label, icon: '', hidden: false }] }).success).toBe(false);
	});

	it.each(['constructor', 'nope', '../../x'])('is refused for the icon %s', (icon) => {
		expect(parse({ entries: [{ key: 'tasks', label: '', icon, hidden: false }] }).success).toBe(false);
	});

	it('keeps markup as the text it is', async () => {
		const label = '<img src=x onerror=alert(1)>';
		const input = parse({ entries: entries().map((e) => (e.key === 'tasks' ? { ...e, label } : e)) });
		await setup.changeClientPortal(admin, input.data!, NO_ORIGIN);
		expect((await stored())['tasks']?.label).toBe(label);
	});
});
