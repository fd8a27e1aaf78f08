import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { ImpersonationActor, StaffActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { readFaults } from '#server/usecases/recordings/read-faults.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { readAllBatches } from '#support/read-recorded.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let north: Impersonated;
let south: Impersonated;
let reviewer: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const listed = (query: Record<string, string> = {}) =>
	world.recordings.list(reviewer, recordingFilters.parse(query));

beforeAll(async () => {
	world = await RecordingsWorld.open();
	[north, south] = [
		await world.impersonate(world.agencies.north),
		await world.impersonate(world.agencies.south)
	];
	reviewer = await world.supervisor(world.agencies.north);
	await world.record(north, 5);
	await world.record(south, 2);
	const { act } = world.kit;
	const subject = { type: 'task', id: world.agencies.north.clients.assigned.taskId, label: 'Logo draft' };
	await act(north.actor, { action: 'task.created', subject }, () => Promise.resolve({ value: undefined }));
	const gone: ImpersonationActor = { ...north.actor, pageId: null };
	await expect(
		act(gone, { action: 'task.edited', subject }, () => Promise.resolve({ value: undefined }))
	).rejects.toEqual(refusal('no_recorder'));
	await world.database.db.execute(sql`
		INSERT INTO view (id, agency_id, impersonation_id, page_id, kind, address, subject_label, status)
		VALUES (gen_random_uuid(), ${north.actor.agencyId}, ${north.impersonationId}, ${north.pageId}, 'page', '/tasks', 'Tasks', 200)`);
});
afterAll(() => world.close());

it('lists the recordings of one’s own agency with what was done, tried and looked at', async () => {
	const { rows, total } = await listed();
	expect(total).toBe(1);
	expect(rows).toMatchObject([
		{
			id: north.impersonationId,
			client: 'North Assigned',
			actions: 1,
			refusals: 1,
			views: 1,
			pages: 1,
			flags: []
		}
	]);
});

it.each([
	[{ mode: 'view' }, 0],
	[{ mode: 'act' }, 1],
	[{ refused: '1' }, 1],
	[{ to: '2020-01-01' }, 0],
	[{ from: '2020-01-01' }, 1],
	[{ from: '2020-01-01', to: '9999-12-31', zone: 'Asia/Tokyo' }, 1],
	[{ page: '2' }, 0],
	[{ page: '-1', mode: 'nonsense', from: 'x', client: "' OR 1=1" }, 1]
] as [Record<string, string>, number][])('filters by %o', async (query, count) => {
	expect((await listed(query)).rows).toHaveLength(count);
});

it('filters by client and by staff member, and offers only those of the agency', async () => {
	const { clientId } = world.agencies.north.clients.assigned;
	const all = await listed({ client: clientId, staff: world.agencies.north.staff.manager });
	expect(all.rows).toHaveLength(1);
	expect(all.clients.map(({ name }) => name)).toEqual(['North Assigned']);
	expect((await listed({ client: world.agencies.south.clients.assigned.clientId })).rows).toHaveLength(0);
});

it('tells views, actions and refusals on one clock', async () => {
	const recording = await world.recordings.read(reviewer, { impersonationId: north.impersonationId });
	const kinds = recording.entries.map(({ kind }) => kind);
	expect(kinds).toEqual(expect.arrayContaining(['page', 'view', 'steer', 'action', 'refusal']));
	const created = recording.entries.find(({ kind }) => kind === 'action');
	expect(created).toMatchObject({ title: 'Created task', subject: 'Logo draft', by: 'North manager' });
	expect(recording.entries.find(({ kind }) => kind === 'refusal')?.note).toContain('not being recorded');
	expect(recording.entries.map(({ at }) => at)).toEqual(
		recording.entries.map(({ at }) => at).toSorted((a, b) => a - b)
	);
	expect(recording.pages.map(({ pageId }) => pageId)).toEqual([north.pageId]);
	expect(Math.max(...recording.activity)).toBe(1);
});

it('hands out the batches of a page once the replay is logged, byte for byte and in order', async () => {
	const what = { impersonationId: north.impersonationId, pageId: north.pageId };
	await expect(readAllBatches(world.recordings, reviewer, what)).rejects.toEqual(refusal('not_allowed'));
	await world.openRunning(reviewer, north);
	const batches = await readAllBatches(world.recordings, reviewer, what);
	expect(batches.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
	expect(JSON.parse(new TextDecoder().decode(batches[3]!.bytes))).toMatchObject([{ data: { seq: 3 } }]);
});

it('logs a replay under the client’s account, and does not show it as a part of the recording', async () => {
	await world.recordings.openReplay(reviewer, { impersonationId: north.impersonationId, origin: NO_ORIGIN });
	const rows = await world.database.db.execute(sql`
		SELECT client_id, actor_staff_id FROM action WHERE action = 'recording.replayed'
			AND impersonation_id = ${north.impersonationId} AND outcome = 'done'`);
	expect(rows.at(-1)).toEqual({
		client_id: world.agencies.north.clients.assigned.clientId,
		actor_staff_id: world.agencies.north.staff.supervisor
	});
	const { entries } = await world.recordings.read(reviewer, { impersonationId: north.impersonationId });
	expect(entries.some(({ title }) => title.includes('Replayed'))).toBe(false);
});

it('gives a supervisor the head and what happened so far, newest first', async () => {
	const { entries, client } = await world.recordings.readSupervised(reviewer, {
		impersonationId: north.impersonationId
	});
	expect(client.name).toBe('North Assigned');
	expect(entries.find(({ kind }) => kind === 'refused')?.title).toBe('Tried: edited task');
	expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => b - a));
});

it('lists what failed last beside a page that fails without end, and says how much it leaves out', async () => {
	const { db } = world.database;
	const { agencyId } = north.actor;
	const [first, loud, quiet] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
	for (const id of [first, loud, quiet])
		await db.execute(sql`INSERT INTO page (id, agency_id, impersonation_id, address, title, opened_at)
			SELECT ${id}, agency_id, impersonation_id, '/tasks', '', opened_at FROM page WHERE id = ${north.pageId}`);
	const fail = (page: string, count: number, after: string) =>
		db.execute(sql`INSERT INTO page_fault (agency_id, client_id, impersonation_id, page_id, seq, event, at, kind, words, place, method, status, times)
			SELECT ${agencyId}, ${north.actor.clientId}, ${north.impersonationId}, ${page}, 0, n, clock_timestamp() + ${after}::interval
				+ make_interval(secs => n / 1000.0), 'error', 'x', '', '', 0, 1 FROM generate_series(1, ${count}::int) n`);
	await fail(first, 1_100, '0 s');
	await fail(loud, 1_100, '10 s');
	await fail(quiet, 1, '20 s');
	const seen = await readFaults(db, agencyId, north.impersonationId);
	expect(seen.at(-1)).toMatchObject({ pageId: quiet });
	expect(seen.flatMap(({ more }) => more ?? [])).toEqual([900, 900]);
	const what = { impersonationId: north.impersonationId };
	const live = (await world.recordings.readSupervised(reviewer, what)).entries.filter(
		({ kind }) => kind === 'fault'
	);
	expect(live).toHaveLength(100);
	const newest = await db.execute<{ id: string }>(sql`SELECT id FROM page_fault WHERE page_id = ${quiet}`);
	expect(live[0]?.id).toBe(`fault:${newest[0]?.id}`);
	await db.execute(sql`DELETE FROM page_fault WHERE impersonation_id = ${north.impersonationId}`);
});

it('opens however much a helper drew, with what others drew, and tells of it without the drawings', async () => {
	const point = [0.123_456_789, 0.5];
	const draw = (actor: StaffActor, count: number, at: number) => {
		const strokes = [{ node: 1, points: Array.from({ length: count }, () => point), from: 0, to: 1 }];
		const shown = { pageId: north.pageId, at, ms: 1, places: [], strokes };
		const deed = {
			action: 'watch.drew',
			impersonationId: north.impersonationId as ImpersonationId,
			clientId: north.actor.clientId
		} as const;
		return world.kit.act(actor, deed, () =>
			Promise.resolve({ value: undefined, details: { shown, note: 'Cut' } })
		);
	};
	const { agencyId, staff } = world.agencies.north;
	const other = await signInStaff(world.database.db, agencyId, staff.admin);
	for (const at of [0, 1]) await draw(reviewer, 150_000, at);
	await draw(other, 2, 9);
	const { shown, entries } = await world.recordings.read(reviewer, {
		impersonationId: north.impersonationId
	});
	expect(shown.map(({ at, by }) => [at, by.staffId === other.staffId])).toEqual([
		[0, false],
		[9, true]
	]);
	expect(entries.filter(({ title }) => title === 'Drew on the screen')).toHaveLength(3);
	expect(entries.find(({ title }) => title === 'Drew on the screen')?.note).toBe('Cut');
});

it('shows what ended to who may watch for some minutes only; then it is the replay’s, which is logged', async () => {
	const what = { impersonationId: north.impersonationId };
	const endedAgo = (ago: string) =>
		world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
			ended_at = clock_timestamp() - ${ago}::interval WHERE id = ${north.impersonationId}`);
	await endedAgo('2 minutes');
	expect((await world.recordings.readSupervised(reviewer, what)).endedAt).toBeTypeOf('number');
	await endedAgo('6 minutes');
	const watch = world.recordings.readSupervised(reviewer, what);
	await expect(watch).rejects.toMatchObject({ code: 'impersonation_over' });
	const grant = world.recordings.grantAssets(reviewer, { ...what, right: 'observe' });
	const picture = { grant, pageId: north.pageId, name: 'recorded:/logo', mayWait: false };
	await expect(world.recordings.readAsset(picture)).rejects.toMatchObject({ code: 'impersonation_over' });
	await world.database.db
		.execute(sql`UPDATE impersonation SET state = 'active', end_reason = NULL, ended_at = NULL
		WHERE id = ${north.impersonationId}`);
	expect(await world.recordings.readAsset(picture)).toBeNull();
});

it('shows a torn end of the log as a gap, in the list too, and plays the rest', async () => {
	await world.record(south, 6);
	const [other, whole] = [await world.supervisor(world.agencies.south), south.impersonationId];
	const gaps = async () =>
		(await world.recordings.read(other, { impersonationId: whole })).entries.filter(
			({ kind }) => kind === 'gap'
		);
	expect(await gaps()).toEqual([]);
	await world.tearLog(10);
	const [gap] = await gaps();
	expect(gap).toMatchObject({ title: 'Missing', pageId: south.pageId });
	expect(gap?.note).toContain('damaged');
	const { rows } = await world.recordings.list(other, recordingFilters.parse({}));
	expect(rows[0]?.flags).toEqual(['missing']);
	await world.openRunning(other, south);
	const what = { impersonationId: whole, pageId: south.pageId };
	const left = await readAllBatches(world.recordings, other, what);
	expect(left.length).toBeGreaterThanOrEqual(5);
});
