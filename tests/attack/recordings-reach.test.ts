import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let north: Impersonated;
let reviewer: StaffActor;
/** The one block of north's page. */
let block: string;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;

beforeAll(async () => {
	world = await RecordingsWorld.open();
	north = await world.impersonate(world.agencies.north);
	reviewer = await world.supervisor(world.agencies.north);
	await world.recordPage(north, { seconds: 2 });
	await world.process({}, new DeskProcess()).recordings.seal(north.pageId);
	await world.openRunning(reviewer, north);
	const { pages } = await world.recordings.read(reviewer, { impersonationId: north.impersonationId });
	block = pages[0]!.blocks[0]!.id;
});
afterAll(() => world.close());

/** Every door to a recording, with the ids as given. */
const doors = (actor: StaffActor, impersonationId: string, pageId: string) => ({
	read: () => world.recordings.read(actor, { impersonationId }),
	readSupervised: () => world.recordings.readSupervised(actor, { impersonationId }),
	readFilm: () => world.recordings.readFilm(actor, { impersonationId }),
	readTail: () => world.recordings.readTail(actor, { impersonationId, pageId }),
	readBlock: () =>
		world.recordings.readBlock(actor, { impersonationId, blockId: pageId === north.pageId ? block : pageId }),
	openReplay: () => world.recordings.openReplay(actor, { impersonationId, origin: NO_ORIGIN })
});
const NAMES = ['read', 'readSupervised', 'readFilm', 'readTail', 'readBlock', 'openReplay'] as const;

const logLength = async (): Promise<number> => {
	const [row] = await world.database.db.execute<{ count: number }>(
		sql`SELECT count(*)::int AS count FROM action`
	);
	return row?.count ?? 0;
};

describe.each(NAMES)('%s', (name) => {
	it('answers another agency’s reviewer as if there were none, and writes nothing into either log', async () => {
		const stranger = await world.supervisor(world.agencies.south);
		const before = await logLength();
		await expect(doors(stranger, north.impersonationId, north.pageId)[name]()).rejects.toEqual(
			refusal('not_found')
		);
		expect(await logLength()).toBe(before);
	});

	it('refuses staff without the permission', async () => {
		const { agencyId, staff } = world.agencies.north;
		const manager = await signInStaff(world.database.db, agencyId, staff.manager);
		await expect(doors(manager, north.impersonationId, north.pageId)[name]()).rejects.toEqual(
			refusal('not_allowed')
		);
	});

	it('refuses the person who was recorded, who holds no permission of their own for it', async () => {
		await expect(doors(north.staff, north.impersonationId, north.pageId)[name]()).rejects.toEqual(
			refusal('not_allowed')
		);
	});

	it('refuses at once when the staff session is gone', async () => {
		const leaver = await world.supervisor(world.agencies.north);
		await world.database.db.execute(sql`DELETE FROM staff_session WHERE id = ${leaver.sessionId}`);
		await expect(doors(leaver, north.impersonationId, north.pageId)[name]()).rejects.toEqual(
			refusal('not_allowed')
		);
	});

	it.each([
		"' OR 1=1 --",
		'../../etc/passwd',
		'%00',
		'a'.repeat(10_000),
		'00000000-0000-0000-0000-000000000000',
		randomUUID(),
		randomUUID().toUpperCase()
	])('answers the made-up id %.40s as none', async (id) => {
		await expect(doors(reviewer, id, id)[name]()).rejects.toEqual(refusal('not_found'));
	});
});

it('hands out no page of another recording under a recording that was opened', async () => {
	const south = await world.impersonate(world.agencies.south);
	await world.record(south, 2);
	const what = { impersonationId: north.impersonationId, pageId: south.pageId };
	await expect(world.recordings.readTail(reviewer, what)).rejects.toEqual(refusal('not_found'));
	const { impersonationId } = south;
	await expect(world.recordings.readBlock(reviewer, { impersonationId, blockId: block })).rejects.toEqual(
		refusal('not_found')
	);
});

it('hands out no event to a reviewer who did not open the replay, though another did', async () => {
	const { agencyId, staff } = world.agencies.north;
	const admin = await signInStaff(world.database.db, agencyId, staff.admin);
	const what = { impersonationId: north.impersonationId, pageId: north.pageId };
	await expect(world.recordings.readFilm(admin, what)).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.readTail(admin, what)).rejects.toEqual(refusal('not_allowed'));
	await expect(world.recordings.readBlock(admin, { ...what, blockId: block })).rejects.toEqual(
		refusal('not_allowed')
	);
	await expect(world.recordings.readFilm(reviewer, what)).resolves.toBeDefined();
});

it('writes a refused replay into the log', async () => {
	const { agencyId, staff } = world.agencies.north;
	const manager = await signInStaff(world.database.db, agencyId, staff.manager);
	const origin = NO_ORIGIN;
	const { impersonationId } = north;
	await expect(world.recordings.openReplay(manager, { impersonationId, origin })).rejects.toEqual(
		refusal('not_allowed')
	);
	const rows = await world.database.db.execute(sql`
		SELECT FROM action WHERE action = 'recording.replayed' AND outcome = 'refused' AND actor_staff_id = ${staff.manager}`);
	expect(rows.length).toBeGreaterThan(0);
});

it('lists nothing of another agency, whatever the address says', async () => {
	const stranger = await world.supervisor(world.agencies.south);
	const client = world.agencies.north.clients.assigned.clientId;
	const { rows, clients } = await world.recordings.list(stranger, recordingFilters.parse({ client }));
	expect(rows).toEqual([]);
	expect(clients.map(({ id }) => id)).not.toContain(client);
});

it('refuses the list without the permission', async () => {
	await expect(world.recordings.list(north.staff, recordingFilters.parse({}))).rejects.toEqual(
		refusal('not_allowed')
	);
});
