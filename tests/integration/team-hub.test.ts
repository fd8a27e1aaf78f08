import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { AgencyId } from '#domain/ids.ts';
import { PERMISSIONS } from '#domain/permissions.ts';
import { endResting } from '#server/usecases/impersonation/end-resting.ts';
import { NO_ORIGIN } from '../support/impersonate.ts';
import { closeSockets, RecorderClient, snapshot, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestStaff } from '../support/hub-world.ts';
import { teamKit } from '../support/team-kit.ts';

/** product.md §Rules: losing a right acts within a second on every tab. */
const A_SECOND = 1_000;

let world: HubWorld;
let agencyId: AgencyId;
let impersonation: TestImpersonation;
let sofia: TestStaff;
let boss: StaffActor;
let team: ReturnType<typeof teamKit>;

const actorOf = ({ id, sessionId }: TestStaff): StaffActor => ({
	kind: 'staff',
	agencyId,
	staffId: id,
	sessionId
});

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	sofia = await world.addStaff(agencyId, ['supervise']);
	boss = actorOf(await world.addStaff(agencyId, Object.keys(PERMISSIONS), 'Olivia Oak'));
	const { db } = world.database;
	team = teamKit({ db, act: world.act, endResting: endResting({ db, end: world.end }) });
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const recording = async () => {
	const recorder = await new RecorderClient(world, await world.addPage(impersonation)).ready();
	expect(await recorder.append(0, snapshot())).toMatchObject({ ok: true });
	return recorder;
};
const watching = async () => {
	const watcher = new WatcherClient(world, sofia);
	await watcher.watch(impersonation.id);
	return watcher;
};

describe('the team acts on what runs, within a second', () => {
	it('deactivating a staff member ends what they impersonate, with the true reason, and signs them out', async () => {
		const recorder = await recording();
		const done = team.changeState(boss, { staffId: impersonation.staff.id, active: false }, NO_ORIGIN);
		expect(await until(() => recorder.ended !== null, 'the end at the page')).toBeLessThan(A_SECOND);
		expect(recorder.ended).toEqual({ reason: 'lost_right' });
		await done;
		const sessions = await world.database
			.owner`SELECT FROM staff_session WHERE user_id = ${impersonation.staff.id}`;
		expect(sessions).toHaveLength(0);
	});

	it('deactivating a supervisor closes what they watch', async () => {
		await recording();
		const watcher = await watching();
		await team.changeState(boss, { staffId: sofia.id, active: false }, NO_ORIGIN);
		expect(await until(() => watcher.disconnected !== null, 'the watch to close')).toBeLessThan(A_SECOND);
	});

	it('withdrawing a permission ends what rests on it', async () => {
		const recorder = await recording();
		const watcher = await watching();
		const withdraw = (staffId: string, permission: 'impersonate' | 'supervise') =>
			team.changePermissions(boss, { staffId, granted: [], withdrawn: [permission] }, NO_ORIGIN);
		await withdraw(sofia.id, 'supervise');
		expect(await until(() => watcher.disconnected !== null, 'the watch to close')).toBeLessThan(A_SECOND);
		await withdraw(impersonation.staff.id, 'impersonate');
		expect(await until(() => recorder.ended !== null, 'the end at the page')).toBeLessThan(A_SECOND);
	});

	it('changing a role ends what its holders may do no more', async () => {
		const recorder = await recording();
		const [{ role_id: roleId } = { role_id: '' }] = await world.database.owner<{ role_id: string }[]>`
			SELECT role_id FROM staff WHERE id = ${impersonation.staff.id}`;
		await team.editRole(boss, { roleId, name: 'Reader', permissions: ['clients.read'] }, NO_ORIGIN);
		expect(await until(() => recorder.ended !== null, 'the end at the page')).toBeLessThan(A_SECOND);
		expect(recorder.ended).toEqual({ reason: 'lost_right' });
	});
});
