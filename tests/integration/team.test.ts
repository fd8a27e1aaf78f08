import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';
import { endResting } from '#server/usecases/impersonation/end-resting.ts';
import { readStaffContext } from '#server/usecases/sign-in/read-staff-context.ts';
import { listTeam, teamFilters } from '#server/usecases/team/list-team.ts';
import { lastAction, mailsTo } from '#support/client-kit.ts';
import { impersonationKit, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { acceptAll, roleIdOf, teamKit } from '#support/team-kit.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ReturnType<typeof teamKit>;
let olivia: StaffActor;
let adam: StaffActor;

const signIn = (who: SeededStaff) => signInStaff(db, both.north.agencyId, both.north.staff[who]);
const role = (key: string) => roleIdOf(db, both.north.agencyId, key);
const permissionsOf = async (actor: StaffActor) => {
	const context = await readStaffContext({ db })({ userId: actor.staffId, sessionId: actor.sessionId });
	return context && [...context.permissions];
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	await acceptAll(db, both.north.agencyId);
	const { act, end } = impersonationKit(db);
	kit = teamKit({ db, act, endResting: endResting({ db, end }) });
	olivia = await signIn('superAdmin');
	adam = await signIn('admin');
});

describe('inviting a colleague', () => {
	it('makes a person without a way in, mails the link, and shows the invitation as open', async () => {
		const input = { name: 'Nora Nye', email: 'nora@north.test', roleId: await role('manager') };
		const id = await kit.invite(adam, input, NO_ORIGIN);
		const [mail] = await mailsTo(db, 'nora@north.test');
		expect(mail?.link).toMatch(/^http:\/\/agency\.test\/invitation\/[\w-]{20,}$/);
		const { rows } = await listTeam({ db })(adam, teamFilters.parse({ state: 'invited' }));
		expect(rows.map((row) => row.id)).toEqual([id]);
		expect(rows[0]!.invitedUntil).toBeGreaterThan(Date.now());
		expect(await lastAction(db)).toMatchObject({
			action: 'staff.invited',
			details: { role: 'Manager', subject: 'Nora Nye' }
		});
	});

	it('is sent again with the older link dead, and withdrawn without a trace of the person', async () => {
		const input = { name: 'Otto Olm', email: 'otto@north.test', roleId: await role('assignee') };
		const staffId = await kit.invite(adam, input, NO_ORIGIN);
		await kit.reinvite(adam, { staffId }, NO_ORIGIN);
		const live = () =>
			db.execute(
				sql`SELECT FROM invitation WHERE staff_id = ${staffId} AND used_at IS NULL AND expires_at > now()`
			);
		expect(await live()).toHaveLength(1);
		await kit.withdrawInvitation(adam, { staffId }, NO_ORIGIN);
		expect(await live()).toHaveLength(0);
		expect(await db.execute(sql`SELECT FROM staff WHERE id = ${staffId}`)).toHaveLength(0);
		await kit.invite(adam, input, NO_ORIGIN);
	});

	it('cannot be withdrawn from somebody who signs in', async () => {
		await expect(
			kit.withdrawInvitation(adam, { staffId: both.north.staff.assignee }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('what a person may do', () => {
	it('changes with the role and with single permissions, at their next request', async () => {
		const sam = await signIn('assignee');
		const staffId = sam.staffId as string;
		await kit.changeRole(adam, { staffId, roleId: await role('manager') }, NO_ORIGIN);
		expect(await permissionsOf(sam)).toHaveLength(BUILT_IN_ROLES['manager']!.permissions.length);
		await kit.changePermissions(
			adam,
			{ staffId, granted: ['review'], withdrawn: ['impersonate.act'] },
			NO_ORIGIN
		);
		expect(await permissionsOf(sam)).toContain('review');
		expect(await permissionsOf(sam)).not.toContain('impersonate.act');
		const shown = await kit.readMember(adam, staffId);
		expect(shown.because).toMatchObject({
			review: 'granted',
			'impersonate.act': 'withdrawn',
			impersonate: 'role',
			supervise: 'none'
		});
		expect(await lastAction(db)).toMatchObject({
			action: 'staff.permissions_changed',
			details: { before: { granted: [], withdrawn: [] }, after: { granted: ['review'] } }
		});
		await kit.changePermissions(adam, { staffId, granted: [], withdrawn: [] }, NO_ORIGIN);
		await kit.changeRole(adam, { staffId, roleId: await role('assignee') }, NO_ORIGIN);
	});

	it('is everything again for who becomes Super Admin, whatever was withdrawn before', async () => {
		const manager = await signIn('manager');
		const staffId = manager.staffId as string;
		await kit.changePermissions(olivia, { staffId, granted: [], withdrawn: ['clients.read'] }, NO_ORIGIN);
		await kit.changeRole(olivia, { staffId, roleId: await role('super_admin') }, NO_ORIGIN);
		expect(await permissionsOf(manager)).toHaveLength(BUILT_IN_ROLES['super_admin']!.permissions.length);
		await kit.changeRole(olivia, { staffId, roleId: await role('manager') }, NO_ORIGIN);
	});
});

describe('the last Super Admin', () => {
	it('can neither leave nor be demoted, and one of two can', async () => {
		const staffId = both.north.staff.manager;
		await kit.changeRole(olivia, { staffId, roleId: await role('super_admin') }, NO_ORIGIN);
		const second = await signIn('manager');
		await kit.changeState(second, { staffId: olivia.staffId, active: false }, NO_ORIGIN);
		expect(await permissionsOf(olivia)).toBeNull();
		await expect(
			kit.changeState(await signIn('superAdmin'), { staffId, active: false }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_allowed' });
		await kit.changeState(second, { staffId: olivia.staffId, active: true }, NO_ORIGIN);
		olivia = await signIn('superAdmin');
		await kit.changeRole(olivia, { staffId, roleId: await role('manager') }, NO_ORIGIN);
	});

	it('stays when two Super Admins demote each other at the same moment', async () => {
		const staffId = both.north.staff.manager;
		await kit.changeRole(olivia, { staffId, roleId: await role('super_admin') }, NO_ORIGIN);
		const second = await signIn('manager');
		const managerRole = await role('manager');
		const results = await Promise.allSettled([
			kit.changeRole(olivia, { staffId, roleId: managerRole }, NO_ORIGIN),
			kit.changeRole(second, { staffId: olivia.staffId, roleId: managerRole }, NO_ORIGIN)
		]);
		expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
		const left = await db.execute(sql`SELECT FROM staff s JOIN role r ON r.id = s.role_id
			WHERE r.key = 'super_admin' AND s.agency_id = ${both.north.agencyId} AND s.active`);
		expect(left).toHaveLength(1);
		await db.execute(
			sql`UPDATE staff SET role_id = ${await role('super_admin')} WHERE id = ${olivia.staffId}`
		);
		await db.execute(sql`UPDATE staff SET role_id = ${managerRole} WHERE id = ${staffId}`);
	});
});

describe('roles', () => {
	it('are any set of the catalogue, acting on their holders at once', async () => {
		const roleId = await kit.createRole(
			adam,
			{ name: 'Bookkeeper', permissions: ['clients.read', 'billing.manage'] },
			NO_ORIGIN
		);
		await kit.changeRole(adam, { staffId: both.north.staff.assignee, roleId }, NO_ORIGIN);
		const sam = await signIn('assignee');
		expect(await permissionsOf(sam)).toEqual(['clients.read', 'billing.manage']);
		await kit.editRole(adam, { roleId, name: 'Books', permissions: ['clients.read'] }, NO_ORIGIN);
		expect(await permissionsOf(sam)).toEqual(['clients.read']);
		expect(await lastAction(db)).toMatchObject({
			action: 'role.edited',
			details: { removed: ['billing.manage'], nameBefore: 'Bookkeeper' }
		});
		await expect(kit.removeRole(adam, { roleId }, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
		await kit.changeRole(adam, { staffId: sam.staffId, roleId: await role('assignee') }, NO_ORIGIN);
		await kit.removeRole(adam, { roleId }, NO_ORIGIN);
		await expect(kit.readRole(adam, roleId)).rejects.toMatchObject({ code: 'not_found' });
	});

	it('that are built in keep their names, go back to their default and stay', async () => {
		const roleId = await role('manager');
		await kit.editRole(adam, { roleId, name: 'Boss', permissions: ['clients.read'] }, NO_ORIGIN);
		expect((await kit.readRole(adam, roleId)).role).toMatchObject({
			name: 'Manager',
			permissions: ['clients.read']
		});
		await kit.resetRole(adam, { roleId }, NO_ORIGIN);
		expect((await kit.readRole(adam, roleId)).role.permissions.toSorted()).toEqual(
			BUILT_IN_ROLES['manager']!.permissions.toSorted()
		);
		await expect(kit.removeRole(adam, { roleId }, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('of one name are not made twice, in any case, nor one called Client', async () => {
		for (const name of ['MANAGER', 'client'])
			await expect(kit.createRole(adam, { name, permissions: [] }, NO_ORIGIN)).rejects.toMatchObject({
				code: 'conflict',
				details: { field: 'name' }
			});
	});
});
