import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { StaffId } from '#domain/ids.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import { readPortalView } from '#server/db/standing.ts';
import { enterZone } from '#server/usecases/impersonation/enter-zone.ts';
import { readImpersonation } from '#server/usecases/impersonation/read-impersonation.ts';
import { closeStaleWatches } from '#server/usecases/live/close-stale-watches.ts';
import { joinWatch } from '#server/usecases/live/join-watch.ts';
import { leaveWatch } from '#server/usecases/live/leave-watch.ts';
import { sweepLive } from '#server/usecases/live/sweep-live.ts';
import { readHome } from '#server/usecases/portal/read-home.ts';
import { requireArea } from '#server/usecases/portal/scope.ts';
import { saveZones, zonesInput } from '#server/usecases/settings/save-zones.ts';
import { noteLook } from '#server/usecases/supervision/note-look.ts';
import { turnZone } from '#server/usecases/supervision/turn-zone.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	testIds,
	type Impersonated
} from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let kit: ReturnType<typeof impersonationKit>;
let stay: Impersonated;
let sofia: StaffActor;

const HUB = randomUUID();
const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const run = (statement: ReturnType<typeof sql>) => database.db.execute(statement);
const id = () => ({ impersonationId: stay.impersonationId });

const seen = () => requireArea(database.db, stay.actor, 'invoices');
const change = () =>
	kit.act(stay.actor, { action: 'task.created', subject: null }, () => Promise.resolve({ value: 'done' }));
const download = () =>
	kit.act(stay.actor, { action: 'invoice.downloaded', subject: null }, () =>
		Promise.resolve({ value: 'done' })
	);
const look = (actor: StaffActor, hubId = HUB) => noteLook({ db: database.db })(actor, { ...id(), hubId });
const join = (actor: StaffActor, hubId = HUB, at = id()) =>
	joinWatch({ act: kit.act, db: database.db, ids: testIds })(actor, { ...at, hubId, origin: NO_ORIGIN });
const sweep = () =>
	sweepLive({
		db: database.db,
		endImpersonation: () => Promise.resolve(false),
		turnZone: turnZone({ act: kit.act, db: database.db }),
		onError: (error) => {
			throw error;
		}
	})({ known: [], sessions: [] });
const staffOf = (staffId: StaffId) => signInStaff(database.db, both.north.agencyId, staffId);
const inside = async () => (await readImpersonation({ db: database.db })(stay.token))!;
const enter = async (area: AreaKey = 'invoices') =>
	enterZone({ act: kit.act })(stay.actor, {
		area,
		zones: (await inside()).zones,
		origin: NO_ORIGIN
	});
const logged = async () =>
	(
		await run(sql`SELECT action || ' ' || outcome AS text FROM action WHERE impersonation_id = ${stay.impersonationId}
			AND (action LIKE '%zone%' OR refusal = 'second_person') ORDER BY seq`)
	).map((row) => row['text']);

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	kit = impersonationKit(database.db);
	sofia = await staffOf(both.north.staff.supervisor);
});
afterAll(() => database.close());

beforeEach(async () => {
	const { agencyId, staff, clients } = both.north;
	await run(
		sql`UPDATE impersonation SET state = 'ended', ended_at = now(), end_reason = 'limit' WHERE state <> 'ended'`
	);
	await run(sql`UPDATE agency SET zones = '["invoices", "task.created"]' WHERE id = ${agencyId}`);
	const { clientId, owner } = clients.assigned;
	stay = await impersonate(
		database.db,
		{ agencyId, staffId: staff.manager, clientId, contactId: owner },
		kit
	);
});

describe('a two-person zone', () => {
	it('shows nothing and does nothing alone, on other pages neither, and calls a supervisor', async () => {
		await expect(seen()).rejects.toEqual(refusal('second_person'));
		await expect(download()).rejects.toEqual(refusal('second_person'));
		await expect(change()).rejects.toEqual(refusal('second_person'));
		expect((await readHome({ db: database.db })(stay.actor)).unpaid).toBeNull();
		const [row] = await run(sql`SELECT hand_note FROM impersonation WHERE id = ${stay.impersonationId}`);
		expect(row!['hand_note']).toBe('A second person is needed for “Created task”.');
		expect(await logged()).toEqual(['invoice.downloaded refused', 'task.created refused']);
	});

	it('stays closed for whoever steers it: they are no second person', async () => {
		await join(sofia);
		await look(sofia);
		expect(await change()).toBe('done');
		const asked = sql`INSERT INTO control (id, agency_id, impersonation_id, staff_id, staff_session_id,
			hub_id, state, until) VALUES (${randomUUID()}, ${both.north.agencyId}, ${stay.impersonationId}, ${sofia.staffId},
			${sofia.sessionId}, ${HUB}, 'asked', clock_timestamp() + interval '1 minute')`;
		await run(asked);
		await seen();
		await run(sql`UPDATE control SET state = 'held'`);
		await expect(seen()).rejects.toEqual(refusal('second_person'));
		await expect(change()).rejects.toEqual(refusal('second_person'));
		const second = await staffOf(both.north.staff.admin);
		await join(second);
		await look(second);
		await seen();
		await run(sql`DELETE FROM control`);
	});

	it('is open while a moderator looks, and the log says when it was', async () => {
		await enter();
		await enter();
		await join(sofia);
		await sweep();
		await expect(seen()).rejects.toEqual(refusal('second_person'));
		await look(sofia);
		await seen();
		expect(await download()).toBe('done');
		expect(await change()).toBe('done');
		const [open] = (await Promise.all([sweep(), sweep()]))[0].live;
		expect(open).toMatchObject({ zone: { label: 'Invoices', isOpen: true } });
		await enter();
		expect((await sweep()).live[0]).toMatchObject({ hand: null });
		await run(sql`UPDATE watch SET left_at = now() WHERE impersonation_id = ${stay.impersonationId}`);
		await expect(change()).rejects.toEqual(refusal('second_person'));
		await sweep();
		expect(await logged()).toEqual([
			'impersonation.zone_entered done',
			'impersonation.zone_unlocked done',
			'task.created refused',
			'impersonation.zone_locked done'
		]);
	});

	it('is nothing to the client, and nothing to whoever is inside for an agency that marked none', async () => {
		const { act: _act, impersonationId: _id, ...rest } = stay.actor;
		const client = { ...rest, kind: 'client' } as const;
		expect((await readPortalView(database.db, client))?.locked).toBeUndefined();
		await requireArea(database.db, client as never, 'invoices');
		await run(sql`UPDATE agency SET zones = '[]'`);
		await seen();
		expect(await change()).toBe('done');
	});

	it('keeps the sentence of a hand that is up already', async () => {
		await run(
			sql`UPDATE impersonation SET hand_raised_at = now(), hand_note = 'Which plan?' WHERE id = ${stay.impersonationId}`
		);
		await expect(change()).rejects.toEqual(refusal('second_person'));
		await join(sofia);
		await look(sofia);
		await sweep();
		expect((await sweep()).live[0]).toMatchObject({ hand: { note: 'Which plan?' }, zone: { isOpen: true } });
	});
});

describe('the call of a zone', () => {
	const shown = async () => (await sweep()).live[0]!;
	const comes = async () => {
		await join(sofia);
		await look(sofia);
	};

	beforeEach(() => run(sql`UPDATE agency SET zones = '["invoices", "files"]'`));

	it('names the zone gone to last, and whoever comes answers it', async () => {
		await enter();
		await enter('files');
		expect(await shown()).toMatchObject({
			zone: { label: 'Files', isOpen: false },
			hand: { note: 'A second person is needed for “Files”.' }
		});
		await comes();
		await sweep();
		expect(await shown()).toMatchObject({ zone: { isOpen: true }, hand: null });
	});

	it('is answered, too, where another zone was gone to before anybody saw that it opened', async () => {
		await enter();
		await comes();
		await enter('files');
		await sweep();
		expect(await shown()).toMatchObject({ zone: { label: 'Files', isOpen: true }, hand: null });
	});

	const save = async (zones: AreaKey[]) => {
		const admin = await staffOf(both.north.staff.admin);
		await saveZones({ act: kit.act })(admin, zonesInput.parse({ zones }), NO_ORIGIN);
	};

	it('ends with its mark, and nothing is closed or opened by that', async () => {
		await enter();
		await save(['files']);
		expect(await shown()).toMatchObject({ zone: null, hand: null });
		await comes();
		await sweep();
		expect(await shown()).toMatchObject({ zone: null, hand: null });
		expect(await logged()).toEqual(['impersonation.zone_entered done']);
	});

	it('leaves a zone that was open and is marked no more as if there were none, until it is marked again', async () => {
		await enter();
		await comes();
		await sweep();
		await save([]);
		expect(await shown()).toMatchObject({ zone: null });
		const opened = ['impersonation.zone_entered done', 'impersonation.zone_unlocked done'];
		expect(await logged()).toEqual(opened);
		await run(sql`UPDATE watch SET left_at = now() WHERE impersonation_id = ${stay.impersonationId}`);
		await save(['invoices']);
		expect(await shown()).toMatchObject({ zone: { label: 'Invoices', isOpen: false } });
		expect(await logged()).toEqual([...opened, 'impersonation.zone_locked done']);
	});

	it('is not what somebody wrote: a hand of their own stays up', async () => {
		await run(sql`UPDATE impersonation SET hand_raised_at = now(), hand_note = 'Which plan?'`);
		await enter();
		await save([]);
		expect(await shown()).toMatchObject({ hand: { note: 'Which plan?' } });
	});
});

describe('is never opened by', () => {
	const stays = async () => {
		await expect(seen()).rejects.toEqual(refusal('second_person'));
		await expect(change()).rejects.toEqual(refusal('second_person'));
	};

	it('the one inside, whatever they may', async () => {
		await run(sql`UPDATE staff SET granted = ARRAY['supervise'] WHERE id = ${stay.staff.staffId}`);
		await join(stay.staff);
		await expect(look(stay.staff)).rejects.toEqual(refusal('not_allowed'));
		await run(sql`UPDATE watch SET looked_at = clock_timestamp() WHERE staff_id = ${stay.staff.staffId}`);
		await stays();
		await run(sql`UPDATE staff SET granted = '{}' WHERE id = ${stay.staff.staffId}`);
	});

	it.each(['observe', 'assist'])('somebody with `%s` alone', async (permission) => {
		const other = await staffOf(both.north.staff.assignee);
		await run(sql`UPDATE staff SET granted = ARRAY[${permission}] WHERE id = ${other.staffId}`);
		await join(other);
		await expect(look(other)).rejects.toEqual(refusal('not_allowed'));
		await run(sql`UPDATE watch SET looked_at = clock_timestamp() WHERE staff_id = ${other.staffId}`);
		await stays();
		await run(sql`UPDATE staff SET granted = '{}' WHERE id = ${other.staffId}`);
	});

	it('a moderator who watches something else, or nothing, or through another hub than they say', async () => {
		await expect(look(sofia)).rejects.toEqual(refusal('not_allowed'));
		await join(sofia);
		await expect(look(sofia, randomUUID())).rejects.toEqual(refusal('not_allowed'));
		await stays();
	});

	it('another agency’s moderator', async () => {
		const stranger = await signInStaff(database.db, both.south.agencyId, both.south.staff.supervisor);
		await expect(join(stranger)).rejects.toEqual(refusal('not_allowed'));
		await expect(look(stranger)).rejects.toEqual(refusal('not_allowed'));
		// Even a row that nobody could write.
		await run(sql`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id, looked_at) VALUES (${randomUUID()},
			${both.south.agencyId}, ${stay.impersonationId}, ${stranger.staffId}, ${HUB}, clock_timestamp())`);
		await stays();
	});

	it('one who left, hid their page, lost the right or their place, or whose hub died', async () => {
		const watchId = await join(sofia);
		const returns = async () => {
			await look(sofia);
			await seen();
		};
		await returns();
		await run(
			sql`UPDATE watch SET looked_at = clock_timestamp() - interval '13 seconds' WHERE id = ${watchId}`
		);
		await stays();
		await returns();
		await run(sql`UPDATE staff SET withdrawn = ARRAY['supervise'] WHERE id = ${sofia.staffId}`);
		await stays();
		await expect(look(sofia)).rejects.toEqual(refusal('not_allowed'));
		await run(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${sofia.staffId}`);
		await returns();
		await run(sql`UPDATE staff SET active = false WHERE id = ${sofia.staffId}`);
		await stays();
		await run(sql`UPDATE staff SET active = true WHERE id = ${sofia.staffId}`);
		await returns();
		await closeStaleWatches({ act: kit.act, db: database.db, isAlone: true })({ hubId: randomUUID() });
		await stays();
		const again = await join(sofia);
		await returns();
		await leaveWatch({ act: kit.act, db: database.db })(sofia, { watchId: again });
		await stays();
	});
});

it('is marked by whoever sets the policy, out of the catalogue alone, and the log says what changed', async () => {
	const save = saveZones({ act: kit.act });
	const admin = await staffOf(both.north.staff.admin);
	const input = zonesInput.parse({ zones: ['order.placed', 'invoices'] });
	expect(await save(admin, input, NO_ORIGIN)).toEqual({
		before: 'Invoices, Created task',
		after: 'Invoices, Placed order'
	});
	expect(await save(admin, input, NO_ORIGIN)).toBeNull();
	await expect(save(sofia, input, NO_ORIGIN)).rejects.toEqual(refusal('not_allowed'));
	for (const key of ['home', 'policy.changed', '<b>', ''])
		expect(zonesInput.safeParse({ zones: [key] }).success, key).toBe(false);
});
