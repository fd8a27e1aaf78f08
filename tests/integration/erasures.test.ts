// Many recordings erased at once: what stays stays, each that goes is an action of whoever asked, and it goes on where it broke off.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { ReviewWorld } from '#support/review-world.ts';

let desk: ReviewWorld;
let admin: StaffActor;
let supervisor: StaffActor;
const REASON = 'Asked for by letter';
const north = () => desk.world.agencies.north;
const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const queryOf = (...stays: Impersonated[]) =>
	new URLSearchParams(stays.map(({ impersonationId }) => ['ids', impersonationId])).toString();
const ask = (stays: Impersonated[], count: string, actor = admin) => {
	const ids = stays.map(({ impersonationId }) => impersonationId);
	return desk.world.retention.askErasure(actor, { ids, count, reason: REASON }, NO_ORIGIN);
};
const hold = ({ impersonationId }: Impersonated) =>
	desk.review.hold(admin, { ids: [impersonationId], what: 'hold', reason: 'An inquiry' }, NO_ORIGIN);
const read = (id: string) => desk.world.retention.readErasure(admin, id);
const rowsOf = ({ impersonationId }: Impersonated) =>
	desk.run(sql`SELECT a.actor_staff_id AS by, d.details::jsonb ->> 'reason' AS reason FROM action a
		JOIN action_details d ON d.seq = a.seq
		WHERE a.action = 'recording.erased' AND a.outcome = 'done' AND a.impersonation_id = ${impersonationId}`);

const say = ({ impersonationId }: Impersonated, text: string) =>
	desk.world.kit.act(
		supervisor,
		{
			action: 'watch.wrote',
			impersonationId: impersonationId as ImpersonationId,
			clientId: north().clients.assigned.clientId
		},
		() => Promise.resolve({ value: undefined, details: { text } })
	);
const said = async ({ impersonationId }: Impersonated) => {
	const rows =
		await desk.run(sql`SELECT d.details::jsonb ->> 'text' AS text FROM action a LEFT JOIN action_details d ON d.seq = a.seq
		WHERE a.action = 'watch.wrote' AND a.impersonation_id = ${impersonationId}`);
	return rows.map(({ text }) => text);
};

beforeAll(async () => {
	desk = await ReviewWorld.open();
	const { agencyId, staff } = north();
	admin = await signInStaff(desk.world.database.db, agencyId, staff.admin);
	supervisor = await desk.world.supervisor(north());
});
afterAll(() => desk.world.close());

it('tells what would go and what stays, erases the first alone, and the log names who asked', async () => {
	const [plain, held, risky] = [
		await desk.ended(north()),
		await desk.ended(north()),
		await desk.ended(north(), ['order.placed'])
	];
	await desk.review.assessEnded();
	await hold(held);
	await say(plain, 'Zimtschnecke');
	await say(held, 'Quittenbrot');
	const foreign = await desk.ended(desk.world.agencies.south);
	const query = queryOf(plain, held, risky, foreign);
	const { free, kept } = await desk.world.retention.readChoice(admin, query);
	expect(free).toEqual([plain.impersonationId]);
	expect(kept).toMatchObject({
		held: [{ id: held.impersonationId, hold: 'An inquiry' }],
		review: [{ id: risky.impersonationId }],
		own: [],
		running: [],
		erased: []
	});
	await expect(ask([plain], '4')).rejects.toEqual(refusal('invalid'));
	await expect(ask([plain], '1', supervisor)).rejects.toEqual(refusal('not_allowed'));
	for (const other of [held, risky, foreign])
		await expect(ask([plain, other], '2')).rejects.toEqual(refusal('conflict'));
	const id = await ask([plain], '1');
	expect(await read(id)).toMatchObject({ total: 1, erased: 0, endedAt: null });
	expect(await desk.world.retention.carryErasure(id)).toBe(1);
	expect(await desk.world.retention.carryErasure(id)).toBe(0);
	expect(await read(id)).toMatchObject({ total: 1, erased: 1, kept: 0, reason: REASON, by: 'North admin' });
	expect([...(await rowsOf(plain))]).toEqual([{ by: admin.staffId, reason: REASON }]);
	expect([...(await rowsOf(held)), ...(await rowsOf(risky)), ...(await rowsOf(foreign))]).toEqual([]);
	// What was said during it went with its pictures, and the row says that something was.
	expect(await said(plain)).toEqual([null]);
	expect(await said(held)).toEqual(['Quittenbrot']);
	expect((await desk.world.retention.readChoice(admin, queryOf(plain))).kept.erased).toHaveLength(1);
	await expect(ask([plain], '1')).rejects.toEqual(refusal('conflict'));
	const south = desk.world.agencies.south;
	const other = await signInStaff(desk.world.database.db, south.agencyId, south.staff.admin);
	await expect(desk.world.retention.readErasure(other, id)).rejects.toEqual(refusal('not_found'));
	await expect(desk.world.retention.stopErasure(other, id, NO_ORIGIN)).rejects.toEqual(refusal('conflict'));
	expect(await desk.world.retention.listErasures(other)).toEqual([]);
});

it('erases nothing where one of those shown went on hold meanwhile, though as many of the list can be erased', async () => {
	const ticket = 'SUP-2';
	const [shown, other, late] = [
		await desk.ended(north()),
		await desk.ended(north()),
		await desk.ended(north())
	];
	const put = ({ impersonationId }: Impersonated) =>
		desk.run(sql`UPDATE impersonation SET ticket = ${ticket} WHERE id = ${impersonationId}`);
	const free = async () => (await desk.world.retention.readChoice(admin, `ticket=${ticket}`)).free;
	for (const stay of [shown, other]) await put(stay);
	expect(await free()).toHaveLength(2);
	await put(late);
	await hold(other);
	expect(await free()).toHaveLength(2);
	await expect(ask([shown, other], '2')).rejects.toEqual(refusal('conflict'));
	expect(await free()).toHaveLength(2);
});

it('keeps what came to be held since it was asked for, and what somebody stopped', async () => {
	const [first, second] = [await desk.ended(north()), await desk.ended(north())];
	const id = await ask([first, second], '2');
	await hold(first);
	await desk.world.retention.carryErasure(id);
	expect(await read(id)).toMatchObject({
		erased: 1,
		kept: 1,
		keptOnes: [{ id: first.impersonationId, note: expect.stringContaining('on hold (An inquiry)') as string }]
	});
	const third = await desk.ended(north());
	const stopped = await ask([third], '1');
	await desk.world.retention.stopErasure(admin, stopped, NO_ORIGIN);
	expect(await desk.world.retention.carryErasure(stopped)).toBe(0);
	expect(await read(stopped)).toMatchObject({ erased: 0, kept: 0, isStopped: true, total: 1 });
	expect((await desk.world.retention.readChoice(admin, queryOf(third))).free).toHaveLength(1);
});

it('means what a filter of the list shows, and never all there is', async () => {
	await desk.run(
		sql`UPDATE impersonation SET ticket = 'SUP-1' WHERE id = ${(await desk.ended(north())).impersonationId}`
	);
	expect((await desk.world.retention.readChoice(admin, 'ticket=SUP-1')).free).toHaveLength(1);
	for (const query of ['', 'sort=risk&page=2', 'ids=nonsense', 'client=nonsense'])
		expect((await desk.world.retention.readChoice(admin, query)).free).toEqual([]);
	await expect(desk.world.retention.readChoice(admin, 'mode=act&seen=invoice')).rejects.toEqual(
		refusal('conflict')
	);
});

it('goes on in the hourly run with what a dead process left, and with nothing that was stopped', async () => {
	const [left, stopped] = [await desk.ended(north()), await desk.ended(north())];
	const ids = [await ask([left], '1'), await ask([stopped], '1')] as const;
	await desk.world.retention.carryLeftErasures();
	expect(await read(ids[0])).toMatchObject({ erased: 0, endedAt: null });
	await desk.run(sql`UPDATE erasure SET asked_at = asked_at - interval '1 hour' WHERE ended_at IS NULL`);
	// No process runs it any more, and the page says that it is over all the same.
	await desk.world.retention.stopErasure(admin, ids[1], NO_ORIGIN);
	expect((await read(ids[1])).endedAt).not.toBeNull();
	await desk.world.retention.carryLeftErasures();
	expect(await read(ids[0])).toMatchObject({ erased: 1, endedAt: expect.any(Number) as number });
	expect([...(await rowsOf(stopped))]).toEqual([]);
});

it('stops once whoever asked is signed out, in one row, and says of nobody that they tried', async () => {
	const stays = [await desk.ended(north()), await desk.ended(north()), await desk.ended(north())];
	const id = await ask(stays, '3');
	await desk.run(sql`DELETE FROM staff_session WHERE id = ${admin.sessionId}`);
	expect(await desk.world.retention.carryErasure(id)).toBe(0);
	for (const stay of stays) expect([...(await rowsOf(stay))]).toEqual([]);
	const told = await desk.run(sql`SELECT action, actor_kind AS by, outcome FROM action
		WHERE outcome = 'refused' AND action = 'recording.erased' OR subject_id = ${id} AND action = 'recordings.erasure_stopped'`);
	expect([...told]).toEqual([{ action: 'recordings.erasure_stopped', by: 'system', outcome: 'done' }]);
	admin = await signInStaff(desk.world.database.db, north().agencyId, north().staff.admin);
	const { erased, kept, endedAt, keptOnes } = await read(id);
	expect([erased, kept, endedAt === null]).toEqual([0, 3, false]);
	expect(keptOnes[0]?.note).toContain('signed out');
});
