// What is done while somebody has control, by holders who may do less than the one inside.
import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { answerControl } from '#server/usecases/supervision/answer-control.ts';
import { askControl } from '#server/usecases/supervision/ask-control.ts';
import { keepControls } from '#server/usecases/supervision/keep-controls.ts';
import { markOrder } from '#server/usecases/supervision/mark-order.ts';
import { noteOrders } from '#server/usecases/supervision/note-orders.ts';
import { releaseControl } from '#server/usecases/supervision/release-control.ts';
import { takeControlBack } from '#server/usecases/supervision/take-control-back.ts';
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
/** The hub sent an order of the holder to the page, so long ago. */
const order = (msAgo = 0, pageId: string = inside.actor.pageId ?? '') =>
	markOrder({ db })(controlId, { pageId, msAgo });
const giveBack = () =>
	releaseControl({ ...kit, db })(sofia, { impersonationId: inside.impersonationId, id: controlId });
const change = () =>
	kit.act(inside.actor, { action: 'task.created' }, () => Promise.resolve({ value: 'done' }));
const lastRow = async () => {
	const [row] = await db.execute<{
		action: string;
		outcome: string;
		staff: string;
		by: unknown;
		held: unknown;
	}>(sql`
		SELECT x.action, x.outcome, x.actor_staff_id AS staff, d.details::json -> 'steeredBy' AS by,
			d.details::json -> 'heldBy' AS held
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

const ALL = '{supervise,clients.read,clients.all,impersonate.act}';

it('a change while somebody has control names both, and afterwards one', async () => {
	await grantTo(ALL);
	await order();
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
	[
		'was told to change nothing',
		'{supervise,clients.read,clients.all,impersonate.act}',
		'{impersonate.act}',
		'{}'
	],
	[
		'was told to impersonate nobody',
		'{supervise,clients.read,clients.all,impersonate.act}',
		'{impersonate}',
		'{}'
	],
	['was never given the right to change things', '{supervise,clients.read,clients.all}', '{}', '{}'],
	['is not assigned to this client', '{supervise,clients.read}', '{}', '{"assignedOnly":true}']
])(
	'a holder who %s changes nothing through another, and the attempt names both',
	async (_, rights, withdrawn, policy) => {
		await db.execute(sql`UPDATE agency SET policy = policy || ${policy}::jsonb`);
		await db.execute(
			sql`UPDATE role SET permissions = '{}' WHERE id = (SELECT role_id FROM staff WHERE id = ${sofia.staffId})`
		);
		await grantTo(rights, withdrawn);
		await order();
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

describe('nobody is named for what the hub knows no order of', () => {
	const held = () => ({ by: null, held: { staffId: sofia.staffId, name: 'North supervisor' } });

	it('a deed of the one inside while control is held says only that it was', async () => {
		await grantTo(ALL);
		await change();
		expect(await lastRow()).toMatchObject(held());
	});

	it('an order to another page, or of a while ago, is none', async () => {
		await grantTo(ALL);
		await order(0, testIds.uuid());
		await change();
		expect(await lastRow()).toMatchObject(held());
		await order(6_000);
		await change();
		expect(await lastRow()).toMatchObject(held());
	});

	it('a deed right after control was taken back is the own one, also where an order came late', async () => {
		await grantTo(ALL);
		await order();
		const { actor } = inside;
		await takeControlBack({ ...kit, db })({ ...actor, staffId: actor.act.staffId }, { id: controlId });
		await order();
		await change();
		expect(await lastRow()).toMatchObject(held());
	});

	it('what was given back a second ago is not under way any more', async () => {
		await grantTo(ALL);
		await order();
		await giveBack();
		await change();
		expect((await lastRow())?.by).not.toBeNull();
		await db.execute(sql`UPDATE control SET until = until - interval '1 second'`);
		await change();
		expect(await lastRow()).toMatchObject(held());
	});
});

it('orders are a row of the holder, with kinds and answers', async () => {
	await grantTo(ALL);
	const { impersonationId } = inside;
	const orders = [
		{ kind: 'click', answer: 'done', n: 3, from: 0, to: 900 },
		{ kind: 'type', answer: 'stale', n: 1, from: 950, to: 950 }
	] as const;
	const stretch = { impersonationId, pageId: inside.actor.pageId ?? '', at: 1_000, orders: [...orders] };
	await noteOrders({ ...kit, db })(sofia, { ...stretch, origin: NO_ORIGIN });
	expect(await lastRow()).toMatchObject({ action: 'control.steered', staff: sofia.staffId });
	const [row] = await db.execute<{ details: string }>(
		sql`SELECT details FROM action_details ORDER BY seq DESC LIMIT 1`
	);
	expect(JSON.parse(row?.details ?? '')).toMatchObject({
		subject: '3 clicks; 1 not done',
		steered: { at: 1_000, orders }
	});
});

it('a question that was just declined is not put again at once', async () => {
	const { actor, impersonationId } = inside;
	const input = { impersonationId, hubId: testIds.uuid(), origin: NO_ORIGIN };
	const ask = () => askControl({ ...kit, db, ids: testIds })(sofia, input);
	const who = { ...actor, staffId: actor.act.staffId };
	await answerControl({ ...kit, db })(who, { id: await ask(), isGranted: false });
	await expect(ask()).rejects.toMatchObject({ code: 'too_many' });
	// Of the one who was told no only.
	const admin = await signInStaff(db, both.north.agencyId, both.north.staff.admin);
	expect(await askControl({ ...kit, db, ids: testIds })(admin, input)).toEqual(expect.any(String));
});

it('control that lapsed is not asked away before its end is in the log', async () => {
	await grantTo(ALL);
	await db.execute(sql`UPDATE control SET until = clock_timestamp()`);
	const input = { impersonationId: inside.impersonationId, hubId: testIds.uuid(), origin: NO_ORIGIN };
	const ask = () => askControl({ ...kit, db, ids: testIds })(sofia, input);
	await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
	await keepControls({ ...kit, db })([]);
	expect(await lastRow()).toMatchObject({ action: 'control.released' });
	expect(await ask()).toEqual(expect.any(String));
});

it('an end that somebody else logs at that moment is not logged twice', async () => {
	await grantTo(ALL);
	const ends = await Promise.allSettled([giveBack(), giveBack()]);
	expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
