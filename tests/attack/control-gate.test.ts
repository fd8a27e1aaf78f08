// What is done while somebody has control, by holders who may do less than the one inside.
import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { answerControl } from '#server/usecases/supervision/answer-control.ts';
import { askControl } from '#server/usecases/supervision/ask-control.ts';
import { releaseControl } from '#server/usecases/supervision/end-control.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	testIds,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let inside: Impersonated;
let sofia: StaffActor;
let controlId: string;

const grantTo = async (permissions: string, withdrawn = '{}'): Promise<void> => {
	await db.execute(
		sql`UPDATE staff SET granted = ${permissions}::text[], withdrawn = ${withdrawn}::text[]
		WHERE id = ${sofia.staffId}`
	);
	const { actor, impersonationId } = inside;
	controlId = await askControl({ ...kit, db, ids: testIds })(sofia, {
		impersonationId,
		hubId: testIds.uuid(),
		origin: NO_ORIGIN
	});
	const who = { ...actor, staffId: actor.act.staffId };
	await answerControl({ ...kit, db })(who, { id: controlId, isGranted: true });
};
const giveBack = () =>
	releaseControl({ ...kit, db })(sofia, { impersonationId: inside.impersonationId, id: controlId });
const change = () =>
	kit.act(inside.actor, { action: 'task.created' }, () => Promise.resolve({ value: 'done' }));
const lastRow = async () => {
	const [row] = await db.execute<{ action: string; outcome: string; staff: string; by: unknown }>(sql`
		SELECT x.action, x.outcome, x.actor_staff_id AS staff, d.details::json -> 'steeredBy' AS by
		FROM action x JOIN action_details d ON d.seq = x.seq ORDER BY x.seq DESC LIMIT 1`);
	return row;
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	sofia = await signInStaff(db, both.north.agencyId, both.north.staff.supervisor);
});
beforeEach(async () => {
	const { agencyId, staff, clients } = both.north;
	const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
	inside = await impersonate(db, { agencyId, staffId: staff.manager, ...whom }, kit);
});
afterEach(async () => {
	await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
	await db.execute(sql`UPDATE agency SET policy = policy - 'assignedOnly'`);
});

const ALL = '{supervise,clients.read,clients.all}';

it('a change while somebody has control names both, and afterwards one', async () => {
	await grantTo(ALL);
	expect(await change()).toBe('done');
	const named = { staffId: sofia.staffId, name: 'North supervisor' };
	expect(await lastRow()).toMatchObject({ outcome: 'done', staff: inside.staff.staffId, by: named });
	await giveBack();
	await db.execute(sql`UPDATE control SET until = clock_timestamp()`);
	await change();
	expect((await lastRow())?.by).toBeNull();
});

it.each([
	['may not see clients', '{supervise}', '{}', '{}'],
	['was told to change nothing', '{supervise,clients.read,clients.all}', '{impersonate.act}', '{}'],
	['is not assigned to this client', '{supervise,clients.read}', '{}', '{"assignedOnly":true}']
])(
	'a holder who %s changes nothing through another, and the attempt names both',
	async (_, rights, withdrawn, policy) => {
		await db.execute(sql`UPDATE agency SET policy = policy || ${policy}::jsonb`);
		await db.execute(
			sql`UPDATE role SET permissions = '{}' WHERE id = (SELECT role_id FROM staff WHERE id = ${sofia.staffId})`
		);
		await grantTo(rights, withdrawn);
		await expect(change()).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await lastRow()).toMatchObject({ outcome: 'refused', by: { staffId: sofia.staffId } });
		// Attack: a click, and control given back in the same moment, so that the request comes when nobody has it.
		await giveBack();
		await expect(change()).rejects.toMatchObject({ code: 'not_allowed' });
		await db.execute(sql`UPDATE control SET until = clock_timestamp()`);
		expect(await change()).toBe('done');
	}
);

it('a holder who loses the right to have control changes nothing from that moment', async () => {
	await grantTo(ALL);
	await db.execute(sql`UPDATE staff SET withdrawn = '{supervise}' WHERE id = ${sofia.staffId}`);
	await expect(change()).rejects.toMatchObject({ code: 'not_allowed' });
	await db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${sofia.staffId}`);
	expect(await change()).toBe('done');
});

it('control of a hub that died counts no more, by the database’s clock', async () => {
	await grantTo('{supervise}');
	await db.execute(sql`UPDATE control SET until = clock_timestamp()`);
	expect(await change()).toBe('done');
	expect((await lastRow())?.by).toBeNull();
});
