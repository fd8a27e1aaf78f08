// Escalation in the team: forged ids, permissions nobody gave, and people who hold more.
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { endResting } from '#server/usecases/impersonation/end-resting.ts';
import { newRoleInput } from '#server/usecases/team/change-roles.ts';
import { staffPermissionsInput } from '#server/usecases/team/change-staff-role.ts';
import { lastAction } from '#support/client-kit.ts';
import { impersonationKit, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { acceptAll, roleIdOf, teamKit } from '#support/team-kit.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededStaff, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ReturnType<typeof teamKit>;
/** A Manager who may manage the team: holds eight permissions and hands out no more. */
let lead: StaffActor;
let adam: StaffActor;

const NOT_ALLOWED = { code: 'not_allowed' };
const NOT_FOUND = { code: 'not_found' };
const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north') =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const role = (key: string, side: keyof TwoAgencies = 'north') => roleIdOf(db, both[side].agencyId, key);
const snapshot = () =>
	db.execute(sql`SELECT s.id, s.role_id, s.granted, s.withdrawn, s.active, r.permissions FROM staff s
		JOIN role r ON r.id = s.role_id ORDER BY s.id`);

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	for (const { agencyId } of Object.values(both)) await acceptAll(db, agencyId);
	const { act, end } = impersonationKit(db);
	kit = teamKit({ db, act, endResting: endResting({ db, end }) });
});
beforeEach(async () => {
	await db.execute(sql`UPDATE staff SET granted = '{team.manage}' WHERE id = ${both.north.staff.manager}`);
	lead = await signIn('manager');
	adam = await signIn('admin');
});

/** The attempt is refused as evidence, and nothing of anybody's rights moved. */
async function refusesUnchanged(attempt: () => Promise<unknown>, refusal: object): Promise<void> {
	const before = await snapshot();
	await expect(attempt()).rejects.toMatchObject(refusal);
	expect(await snapshot()).toEqual(before);
}

describe('without the permission team.manage', () => {
	it.each(['manager', 'assignee', 'supervisor'] as const)('a %s changes nothing of the team', async (who) => {
		await db.execute(sql`UPDATE staff SET granted = '{}' WHERE id = ${both.north.staff.manager}`);
		const actor = await signIn(who);
		const staffId = both.north.staff.assignee;
		const roleId = await role('admin');
		const attempts: (() => Promise<unknown>)[] = [
			() => kit.invite(actor, { name: 'X', email: 'x@x.test', roleId }, NO_ORIGIN),
			() => kit.changeRole(actor, { staffId, roleId }, NO_ORIGIN),
			() => kit.changePermissions(actor, { staffId, granted: ['supervise'], withdrawn: [] }, NO_ORIGIN),
			() => kit.changeState(actor, { staffId, active: false }, NO_ORIGIN),
			() => kit.reinvite(actor, { staffId }, NO_ORIGIN),
			() => kit.withdrawInvitation(actor, { staffId }, NO_ORIGIN),
			() => kit.createRole(actor, { name: 'Mine', permissions: [] }, NO_ORIGIN),
			() => kit.editRole(actor, { roleId, name: 'Mine', permissions: [] }, NO_ORIGIN),
			() => kit.resetRole(actor, { roleId }, NO_ORIGIN),
			() => kit.removeRole(actor, { roleId }, NO_ORIGIN)
		];
		for (const attempt of attempts) {
			await refusesUnchanged(attempt, NOT_ALLOWED);
			expect(await lastAction(db)).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' });
		}
	});

	it('an Assignee does not even read it', async () => {
		const sam = await signIn('assignee');
		await expect(kit.readRoles(sam)).rejects.toMatchObject(NOT_ALLOWED);
		await expect(kit.readMember(sam, sam.staffId)).rejects.toMatchObject(NOT_ALLOWED);
	});
});

describe('with team.manage and little else', () => {
	it('hands out no role that holds more, by invitation or to oneself', async () => {
		const roleId = await role('admin');
		const staffId = both.north.staff.assignee;
		await refusesUnchanged(() => kit.changeRole(lead, { staffId, roleId }, NO_ORIGIN), NOT_ALLOWED);
		await refusesUnchanged(
			() => kit.changeRole(lead, { staffId: lead.staffId, roleId }, NO_ORIGIN),
			NOT_ALLOWED
		);
		const invited = () => kit.invite(lead, { name: 'Mole', email: 'mole@x.test', roleId }, NO_ORIGIN);
		await refusesUnchanged(invited, NOT_ALLOWED);
		expect(await db.execute(sql`SELECT FROM mail WHERE recipient = 'mole@x.test'`)).toHaveLength(0);
	});

	it('grants no permission that the granter does not hold, also not hidden behind a withdrawal', async () => {
		const staffId = both.north.staff.assignee;
		const grant = (withdrawn: 'supervise'[]) =>
			kit.changePermissions(lead, { staffId, granted: ['supervise'], withdrawn }, NO_ORIGIN);
		await refusesUnchanged(() => grant([]), NOT_ALLOWED);
		// On both lists it is withdrawn; nothing stays behind that could be lifted later.
		await grant(['supervise']);
		const [kept] = await db.execute(sql`SELECT granted FROM staff WHERE id = ${staffId}`);
		expect(kept).toEqual({ granted: [] });
		await db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${staffId}`);
		await refusesUnchanged(
			() =>
				kit.changePermissions(
					lead,
					{ staffId: lead.staffId, granted: ['supervise'], withdrawn: [] },
					NO_ORIGIN
				),
			NOT_ALLOWED
		);
	});

	it('makes no role of more, and widens none, also not one held by an accomplice', async () => {
		await refusesUnchanged(
			() => kit.createRole(lead, { name: 'Puppet', permissions: ['review'] }, NO_ORIGIN),
			NOT_ALLOWED
		);
		const roleId = await role('assignee');
		await refusesUnchanged(
			() =>
				kit.editRole(lead, { roleId, name: 'Assignee', permissions: ['clients.read', 'review'] }, NO_ORIGIN),
			NOT_ALLOWED
		);
		await refusesUnchanged(
			async () =>
				kit.editRole(lead, { roleId: await role('manager'), name: 'M', permissions: [] }, NO_ORIGIN),
			NOT_ALLOWED
		);
	});

	it('takes nothing from, and does not send away, who holds more', async () => {
		const staffId = adam.staffId;
		const roleId = await role('assignee');
		await refusesUnchanged(() => kit.changeRole(lead, { staffId, roleId }, NO_ORIGIN), NOT_ALLOWED);
		await refusesUnchanged(
			() => kit.changePermissions(lead, { staffId, granted: [], withdrawn: ['team.manage'] }, NO_ORIGIN),
			NOT_ALLOWED
		);
		await refusesUnchanged(() => kit.changeState(lead, { staffId, active: false }, NO_ORIGIN), NOT_ALLOWED);
	});
});

describe('an Admin', () => {
	it('neither makes nor unmakes a Super Admin, nor edits that role', async () => {
		const roleId = await role('super_admin');
		const staffId = both.north.staff.superAdmin;
		await refusesUnchanged(
			() => kit.changeRole(adam, { staffId: both.north.staff.assignee, roleId }, NO_ORIGIN),
			NOT_ALLOWED
		);
		await refusesUnchanged(() => kit.changeState(adam, { staffId, active: false }, NO_ORIGIN), NOT_ALLOWED);
		await refusesUnchanged(
			() => kit.editRole(adam, { roleId, name: 'x', permissions: ['clients.read'] }, NO_ORIGIN),
			NOT_ALLOWED
		);
	});

	it('reaches nobody and no role of another agency, by forged ids', async () => {
		const theirs = both.south.staff.assignee;
		const roleId = await role('assignee', 'south');
		const mine = both.north.staff.assignee;
		await refusesUnchanged(
			() => kit.changeState(adam, { staffId: theirs, active: false }, NO_ORIGIN),
			NOT_FOUND
		);
		await refusesUnchanged(() => kit.changeRole(adam, { staffId: mine, roleId }, NO_ORIGIN), NOT_FOUND);
		await refusesUnchanged(
			() => kit.invite(adam, { name: 'X', email: 'forged@x.test', roleId }, NO_ORIGIN),
			NOT_FOUND
		);
		await refusesUnchanged(
			() => kit.editRole(adam, { roleId, name: 'x', permissions: [] }, NO_ORIGIN),
			NOT_FOUND
		);
		await refusesUnchanged(() => kit.removeRole(adam, { roleId }, NO_ORIGIN), NOT_FOUND);
		await expect(kit.readMember(adam, theirs)).rejects.toMatchObject(NOT_FOUND);
		await expect(kit.readRole(adam, roleId)).rejects.toMatchObject(NOT_FOUND);
		for (const id of ['', 'not-an-id', "' OR 1=1"])
			await expect(kit.readMember(adam, id)).rejects.toMatchObject(NOT_FOUND);
	});

	it('whose right is taken away while the change waits does not finish it', async () => {
		const roleId = await role('assignee');
		const olivia = await signIn('superAdmin');
		const [, attempt] = await Promise.allSettled([
			kit.changeRole(olivia, { staffId: adam.staffId, roleId }, NO_ORIGIN),
			kit.changeState(adam, { staffId: both.north.staff.assignee, active: false }, NO_ORIGIN)
		]);
		const [{ active } = { active: null }] = await db.execute<{ active: boolean }>(
			sql`SELECT active FROM staff WHERE id = ${both.north.staff.assignee}`
		);
		// Either came first; never is somebody sent away by who was demoted before.
		expect(active).toBe(attempt?.status === 'rejected');
		await db.execute(sql`UPDATE staff SET role_id = ${await role('admin')} WHERE id = ${adam.staffId}`);
		await db.execute(sql`UPDATE staff SET active = true WHERE id = ${both.north.staff.assignee}`);
	});
});

describe('what forms send', () => {
	it('names only permissions that exist', () => {
		expect(newRoleInput.safeParse({ name: 'x', permissions: ['root'] }).success).toBe(false);
		expect(staffPermissionsInput.safeParse({ staffId: 'x', granted: ['__proto__'] }).success).toBe(false);
		expect(newRoleInput.safeParse({ name: 'x'.repeat(61), permissions: [] }).success).toBe(false);
		expect(newRoleInput.parse({ name: 'x', permissions: ['review', 'review'] }).permissions).toEqual([
			'review'
		]);
	});
});

describe('an address that is in use', () => {
	it('is refused by one sentence, whoever has it and wherever', async () => {
		const roleId = await role('assignee');
		const emails = [
			'admin@north.test',
			'admin@south.test',
			'owner@north-assigned.test',
			' ADMIN@south.test '.trim().toLowerCase()
		];
		const sentences = new Set<string>();
		for (const email of emails)
			await kit
				.invite(adam, { name: 'X', email, roleId }, NO_ORIGIN)
				.catch((error: Error) => sentences.add(error.message));
		expect([...sentences]).toEqual(['Nobody can be invited at this address. Check it, or use another one.']);
	});
});
