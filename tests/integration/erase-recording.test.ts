// Erasing one recording: afterwards the words that were on its screen stand nowhere.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { encodeBatch, EVENT, SOURCE } from '#recorder/format/events.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { seenFilters } from '#server/usecases/recordings/seen-filters.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { faulty } from '#support/faulty.ts';
import { filesWith, tablesWith } from '#support/find-word.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let reviewer: StaffActor;
let admin: StaffActor;

const WORD = 'Zimtschnecke';
const TAIL = 'Quittenbrot';
const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const desk = () => world.process({}, new DeskProcess());
const CLIENT = 'North Assigned';
const erase = (actor: StaffActor, { impersonationId }: Impersonated, name = CLIENT, process = desk()) =>
	process.retention.eraseRecording(
		actor,
		{ impersonationId, reason: 'Asked for by letter', name },
		NO_ORIGIN
	);
const search = (q: string) => world.recordings.search(reviewer, seenFilters.parse({ q }), NO_ORIGIN);

/** Somebody types a word nobody else types; the rest is sealed and indexed, what comes after is in the log alone. */
async function recorded(): Promise<Impersonated> {
	const inside = await world.impersonate(world.agencies.north);
	const { impersonationId, pageId } = inside;
	const count = await world.recordPage(inside, { seconds: 2 });
	const type = async (seq: number, text: string, agoMs: number) => {
		const at = Date.now() - agoMs;
		const data = { source: SOURCE.input, id: 11, text, isChecked: false };
		const bytes = encodeBatch([{ type: EVENT.incremental, timestamp: at, data }]);
		await world.liveLog.append({ impersonationId, pageId, seq, receivedAt: at, offsetMs: 0, bytes });
	};
	await type(count, `${WORD} for Bluebird`, 27_000);
	await desk().recordings.seal(pageId);
	await desk().recordings.index();
	await type(count + 1, TAIL, 500);
	await world.database.db.execute(sql`
		UPDATE page SET title = ${`${WORD} · Tasks`}, address = ${`/tasks?q=${WORD}`} WHERE id = ${pageId}`);
	await world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${impersonationId}`);
	return inside;
}
const places = async () => [
	...(await tablesWith(world.database.db, WORD)),
	...filesWith(world.folder, WORD),
	...(await tablesWith(world.database.db, TAIL)),
	...filesWith(world.folder, TAIL)
];

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
	const { agencyId, staff } = world.agencies.north;
	admin = await signInStaff(world.database.db, agencyId, staff.admin);
});
afterAll(() => world.close());

it('leaves no word of it anywhere, and the log says by whom and why', async () => {
	const inside = await recorded();
	const other = await world.impersonate(world.agencies.south);
	await world.recordPage(other, { seconds: 2 });
	expect((await search(WORD))?.total).toBe(1);
	expect((await search('invoice'))?.total).toBe(1);
	// Where the word stood, so that looking for it proves something.
	expect(await places()).toEqual(
		expect.arrayContaining([
			'public.action_details',
			'public.page',
			'public.seen_text',
			expect.stringContaining('/log/') as string
		])
	);
	await erase(admin, inside);
	expect((await search('invoice'))?.total).toBe(0);
	await desk().retention.expireRecordings();
	// Another agency's batches lie in the same file of the log: it goes with the last page in it.
	await desk().recordings.seal(other.pageId);
	await world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${other.impersonationId}`);
	await desk().recordings.sealLeft();
	expect(await places()).toEqual([]);
	const [row] = await world.database.db.execute<{ details: string; staff: string; client: string }>(sql`
		SELECT d.details, a.actor_staff_id AS staff, a.client_id AS client FROM action a JOIN action_details d ON d.seq = a.seq
		WHERE a.action = 'recording.erased' AND a.outcome = 'done' AND a.impersonation_id = ${inside.impersonationId}`);
	expect(row).toMatchObject({ staff: admin.staffId, client: inside.actor.clientId });
	expect(JSON.parse(row!.details)).toMatchObject({ reason: 'Asked for by letter' });
	// Of the search that found it the row is left; of one whose words stand elsewhere, or nowhere, the words, too.
	const searches = await world.database.db.execute<{ words: string | null }>(sql`
		SELECT d.details::jsonb ->> 'words' AS words FROM action a LEFT JOIN action_details d ON d.seq = a.seq
		WHERE a.action = 'recordings.searched' ORDER BY a.seq`);
	expect(searches.map(({ words }) => words)).toEqual([null, null, 'invoice']);
	const { rows } = await world.recordings.list(reviewer, recordingFilters.parse({}));
	expect(rows.find(({ id }) => id === inside.impersonationId)?.flags).toEqual(['erased']);
	await expect(erase(admin, inside)).rejects.toEqual(refusal('conflict'));
});

it('goes on where it was broken off, and nothing can be opened meanwhile', async () => {
	const inside = await recorded();
	await erase(admin, inside);
	const broken = world.process(
		{ blobs: faulty(world.blobs, { method: 'remove', nth: 1, when: 'before' }) },
		new DeskProcess()
	);
	await expect(broken.retention.expireRecordings()).rejects.toThrow('could not be removed');
	expect((await search(WORD))?.total).toBe(0);
	await world.recordings.openReplay(reviewer, { ...inside, origin: NO_ORIGIN });
	await expect(world.recordings.readTail(reviewer, inside)).rejects.toEqual(refusal('not_found'));
	await expect(desk().recordings.seal(inside.pageId)).rejects.toEqual(refusal('not_found'));
	expect(await desk().recordings.index()).toBe(0);
	await desk().retention.expireRecordings();
	expect(filesWith(world.folder, WORD)).toEqual([]);
});

it('refuses whoever may not, another agency, another name, and what still runs', async () => {
	const inside = await recorded();
	const { north, south } = world.agencies;
	const manager = await signInStaff(world.database.db, north.agencyId, north.staff.manager);
	const stranger = await signInStaff(world.database.db, south.agencyId, south.staff.admin);
	await expect(erase(manager, inside)).rejects.toEqual(refusal('not_allowed'));
	await expect(erase(reviewer, inside)).rejects.toEqual(refusal('not_allowed'));
	await expect(world.retention.readToErase(reviewer, inside.impersonationId)).rejects.toEqual(
		refusal('not_allowed')
	);
	await expect(erase(stranger, inside)).rejects.toEqual(refusal('not_found'));
	await expect(world.retention.readToErase(stranger, inside.impersonationId)).rejects.toEqual(
		refusal('not_found')
	);
	await expect(erase(admin, inside, 'North')).rejects.toEqual(refusal('invalid'));
	await world.database.db.execute(
		sql`UPDATE impersonation SET ended_at = now() - interval '3 seconds' WHERE id = ${inside.impersonationId}`
	);
	await expect(erase(admin, inside)).rejects.toEqual(refusal('conflict'));
	expect(await world.retention.readToErase(admin, inside.impersonationId)).toMatchObject({
		client: CLIENT,
		isErased: false
	});
	expect((await search(WORD))?.total).toBe(1);
});
