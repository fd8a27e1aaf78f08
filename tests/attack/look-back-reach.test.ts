// Looking back in a session that runs: what the right to watch opens, and nothing beside it.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { StaffId } from '#domain/ids.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { seenFilters } from '#server/usecases/recordings/seen-filters.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let running: Impersonated;
let observer: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const what = () => ({ impersonationId: running.impersonationId, pageId: running.pageId });
const lookBack = (actor: StaffActor) =>
	world.recordings.lookBack(actor, { impersonationId: running.impersonationId, origin: NO_ORIGIN });

/** Somebody whose role holds these permissions. */
async function staffWith(permissions: string[], agency = world.agencies.north): Promise<StaffActor> {
	const { owner, db } = world.database;
	const [id, roleId] = [randomUUID() as StaffId, randomUUID()];
	await owner`INSERT INTO role (id, agency_id, key, name, permissions) VALUES (${roleId}, ${agency.agencyId}, ${roleId}, ${roleId}, ${permissions})`;
	await owner`INSERT INTO staff (id, agency_id, role_id, name, email) VALUES (${id}, ${agency.agencyId}, ${roleId}, 'Otto', ${`${id}@agency.test`})`;
	return signInStaff(db, agency.agencyId, id);
}

beforeAll(async () => {
	world = await RecordingsWorld.open();
	running = await world.impersonate(world.agencies.north);
	await world.recordPage(running, { seconds: 2 });
	observer = await staffWith(['observe']);
});
afterAll(() => world.close());

it('shows nothing before it is logged, then what the session holds, and the row stands on its timeline', async () => {
	await expect(world.recordings.readFilm(observer, what())).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.readTail(observer, what())).rejects.toEqual(refusal('not_allowed'));
	await world.watch(observer, running);
	await lookBack(observer);
	const film = await world.recordings.readFilm(observer, what());
	expect(film).toMatchObject({ isRunning: true, pages: [{ pageId: running.pageId }] });
	expect((await world.recordings.readTail(observer, what())).payload.length).toBeGreaterThan(100);
	const { entries } = await world.recordings.read(await world.supervisor(world.agencies.north), what());
	expect(entries).toContainEqual(
		expect.objectContaining({ kind: 'watch', title: 'Looked back in the session', by: 'Otto' })
	);
});

const leave = (watchId: string, ago = '0 seconds') =>
	world.database.db.execute(
		sql`UPDATE watch SET left_at = clock_timestamp() - ${ago}::interval WHERE id = ${watchId}`
	);

it('is no way to watch unseen: it begins with an open watch, and what comes stops when that is left', async () => {
	const peeper = await staffWith(['observe']);
	await expect(lookBack(peeper)).rejects.toEqual(refusal('conflict'));
	await expect(world.recordings.readFilm(peeper, what())).rejects.toEqual(refusal('not_allowed'));
	const watchId = await world.watch(peeper, running);
	await lookBack(peeper);
	await expect(world.recordings.readTail(peeper, what())).resolves.toBeDefined();
	await leave(watchId);
	await expect(world.recordings.readFilm(peeper, what())).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.readTail(peeper, what())).rejects.toEqual(refusal('not_allowed'));
	// Somebody else's watch shows them as little as none.
	await world.watch(observer, running);
	await expect(world.recordings.readTail(peeper, what())).rejects.toEqual(refusal('not_allowed'));
});

it('shows a session that runs to no reviewer whom the person inside is not shown', async () => {
	const reviewer = await staffWith(['review']);
	const open = () => world.recordings.openReplay(reviewer, { ...what(), origin: NO_ORIGIN });
	await expect(open()).rejects.toEqual(refusal('conflict'));
	const watchId = await world.watch(reviewer, running);
	await open();
	await expect(world.recordings.readTail(reviewer, what())).resolves.toBeDefined();
	await leave(watchId);
	await expect(world.recordings.readFilm(reviewer, what())).rejects.toEqual(refusal('conflict'));
	await expect(world.recordings.readTail(reviewer, what())).rejects.toEqual(refusal('conflict'));
	await expect(open()).rejects.toEqual(refusal('conflict'));
});

it('is searched by nobody whom the person inside is not shown, in the search as in the list', async () => {
	const reader = await staffWith(['review']);
	const watcher = await staffWith(['review', 'observe']);
	await world.process({}, new DeskProcess()).recordings.seal(running.pageId);
	await world.process({}, new DeskProcess()).recordings.index();
	const finds = async (actor: StaffActor) => {
		const found = await world.recordings.search(
			actor,
			seenFilters.parse({ q: 'bluebird bakery' }),
			NO_ORIGIN
		);
		const { rows } = await world.recordings.find(
			actor,
			recordingFilters.parse({ seen: 'bluebird bakery' }),
			NO_ORIGIN
		);
		return [found?.total, found?.recordings.map(({ id }) => id), rows.map(({ id }) => id)];
	};
	const NOTHING = [0, [], []];
	const IT = [1, [running.impersonationId], [running.impersonationId]];
	expect(await finds(reader)).toEqual(NOTHING);
	expect(await finds(watcher)).toEqual(NOTHING);
	const watchId = await world.watch(watcher, running);
	expect(await finds(watcher)).toEqual(IT);
	// Somebody else's watch shows them as little as none.
	expect(await finds(reader)).toEqual(NOTHING);
	await leave(watchId);
	expect(await finds(watcher)).toEqual(NOTHING);
	const turn = (state: 'active' | 'ended') =>
		world.database.db
			.execute(sql`UPDATE impersonation SET state = ${state}, end_reason = ${state === 'ended' ? 'switch_back' : null},
			ended_at = CASE WHEN ${state} = 'ended' THEN now() END WHERE id = ${running.impersonationId}`);
	await turn('ended');
	expect(await finds(reader)).toEqual(IT);
	await turn('active');
});

it('opens no replay, and no personal data', async () => {
	await expect(world.recordings.read(observer, what())).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.openReplay(observer, { ...what(), origin: NO_ORIGIN })).rejects.toEqual(
		refusal('not_allowed')
	);
	await expect(world.recordings.readPersonal(observer, what())).rejects.toEqual(refusal('not_allowed'));
});

it('is refused without the right to watch, and of another agency’s sessions there is none', async () => {
	const other = await staffWith(['review']);
	await expect(lookBack(other)).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.readFilm(other, what())).rejects.toEqual(refusal('not_allowed'));
	const stranger = await staffWith(['observe', 'review'], world.agencies.south);
	await expect(lookBack(stranger)).rejects.toEqual(refusal('not_found'));
	await expect(world.recordings.readFilm(stranger, what())).rejects.toEqual(refusal('not_found'));
});

it('ends with the watching: a right that went, or a session that ended a while ago', async () => {
	const leaver = await staffWith(['observe']);
	await world.watch(leaver, running);
	await lookBack(leaver);
	// Who left before the end saw no end.
	const gone = await staffWith(['observe']);
	await leave(await world.watch(gone, running), '2 minutes');
	const { owner } = world.database;
	await owner`UPDATE role SET permissions = '{}' WHERE id = (SELECT role_id FROM staff WHERE id = ${leaver.staffId})`;
	await expect(world.recordings.readFilm(leaver, what())).rejects.toEqual(refusal('not_allowed'));
	const end = (ago: string) =>
		world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
			ended_at = now() - ${ago}::interval WHERE id = ${running.impersonationId}`);
	await end('1 minute');
	await expect(world.recordings.readFilm(observer, what())).resolves.toMatchObject({ isRunning: false });
	await expect(lookBack(gone)).resolves.toBeUndefined();
	await expect(world.recordings.readFilm(gone, what())).rejects.toEqual(refusal('not_allowed'));
	await end('6 minutes');
	await expect(world.recordings.readFilm(observer, what())).rejects.toEqual(refusal('not_allowed'));
	await expect(lookBack(observer)).rejects.toEqual(refusal('impersonation_over'));
});
