// Personal data from the page that encrypts it to the reviewer who unmasks it: who may, what is logged, what an erased
// key leaves.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { PersonalChannel } from '#recorder/capture/personal.ts';
import { CUSTOM_TAGS, encodeBatch, EVENT } from '#recorder/format/events.ts';
import type { PersonalPayload } from '#recorder/format/masked.ts';
import { PersonalKeys } from '#server/recordings/personal-keys.ts';
import { unmaskInput } from '#server/usecases/recordings/unmask-recording.ts';
import { NO_ORIGIN, signInStaff, testIds, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

const WORDS = 'Bea Baker, 12 Mill Lane';
const REASON = 'The client asks what was seen';
const refusal = (code: string) => expect.objectContaining({ code }) as AppError;

let world: RecordingsWorld;
let inside: Impersonated;
let reviewer: StaffActor;
let keys: PersonalKeys;
let client: { agencyId: string; clientId: string };

const may = (permission: string) =>
	world.database.db.execute(
		sql`UPDATE staff SET granted = ARRAY[${permission}] WHERE id = ${reviewer.staffId}`
	);
const unmask = (actor = reviewer) =>
	world.recordings.unmask(actor, {
		impersonationId: inside.impersonationId,
		reason: REASON,
		origin: NO_ORIGIN
	});
const read = (actor = reviewer) =>
	world.recordings.readPersonal(actor, { impersonationId: inside.impersonationId, pageId: inside.pageId });

/** A batch as the page makes it; its clock is 2 s behind the hub's. */
async function recordWords(): Promise<Uint8Array> {
	const key = await keys.ensure(client);
	const sealed = await new Promise<PersonalPayload>((resolve, reject) => {
		const channel = new PersonalChannel({ key: key!, pageId: inside.pageId, emit: resolve, onFault: reject });
		channel.note([1_000, 7, 't', WORDS]);
	});
	const bytes = encodeBatch([
		{ type: EVENT.custom, timestamp: 1_005, data: { tag: CUSTOM_TAGS.personal, payload: sealed } }
	]);
	const { impersonationId, pageId } = inside;
	const seq = world.liveLog.got(pageId) + 1;
	await world.liveLog.append({ impersonationId, pageId, seq, receivedAt: 9_000, offsetMs: 2_000, bytes });
	return bytes;
}

beforeAll(async () => {
	world = await RecordingsWorld.open();
	const { north } = world.agencies;
	inside = await world.impersonate(north);
	reviewer = await world.supervisor(north);
	client = { agencyId: north.agencyId, clientId: north.clients.assigned.clientId };
	keys = new PersonalKeys({
		db: world.database.db,
		ids: testIds,
		master: world.masterKey
	});
});
afterAll(() => world.close());

it('lies in the live log as cipher text only', async () => {
	expect(Buffer.from(await recordWords()).toString()).not.toMatch(/Bea|Mill/);
});

it('makes one key for a client, however many pages ask at once', async () => {
	const asked = await Promise.all([1, 2, 3].map(() => keys.ensure(client)));
	expect(new Set(asked.map((key) => key?.id)).size).toBe(1);
	expect(await keys.ensure({ ...client, agencyId: world.agencies.south.agencyId })).toBeNull();
});

it('is refused, and logged, without the permission, before the replay was opened, and before it was unmasked', async () => {
	await expect(unmask()).rejects.toEqual(refusal('not_allowed'));
	await expect(read()).rejects.toEqual(refusal('not_allowed'));
	await may('unmask');
	await expect(unmask()).rejects.toEqual(refusal('not_allowed'));
	await world.openRunning(reviewer, inside);
	await expect(read()).rejects.toEqual(refusal('not_allowed'));
	const rows = await world.database.db.execute(sql`
		SELECT FROM action WHERE action = 'recording.unmasked' AND outcome = 'refused' AND client_id = ${client.clientId}`);
	expect(rows.length).toBe(2);
});

it('is handed out at hub time once unmasked, and the log says by whom, of whom and why', async () => {
	await unmask();
	expect(await read()).toEqual({ notes: [[3_000, 7, 't', WORDS]], unreadable: 0, isCut: false });
	const [row] = await world.database.db.execute<{
		details: string;
		client_id: string;
		actor_staff_id: string;
	}>(sql`
		SELECT d.details, x.client_id, x.actor_staff_id FROM action x JOIN action_details d ON d.seq = x.seq
		WHERE x.action = 'recording.unmasked' AND x.outcome = 'done'`);
	expect(JSON.parse(row!.details)).toMatchObject({ reason: REASON });
	expect(row).toMatchObject({ client_id: client.clientId, actor_staff_id: reviewer.staffId });
});

it('asks for a reason that says something', () => {
	for (const reason of ['', '   ', 'why?', 'x'.repeat(301)])
		expect(unmaskInput.safeParse({ reason }).success).toBe(false);
});

it('belongs to who unmasked it: a colleague of the same rights says why again, another agency finds nothing', async () => {
	const { agencyId, staff } = world.agencies.north;
	const admin = await signInStaff(world.database.db, agencyId, staff.admin);
	await world.openRunning(admin, inside);
	await expect(read(admin)).rejects.toEqual(refusal('not_allowed'));
	await unmask(admin);
	expect((await read(admin)).notes.length).toBe(1);
	const stranger = await world.supervisor(world.agencies.south);
	await world.database.db.execute(
		sql`UPDATE staff SET granted = ARRAY['unmask'] WHERE id = ${stranger.staffId}`
	);
	await expect(unmask(stranger)).rejects.toEqual(refusal('not_found'));
	await expect(read(stranger)).rejects.toEqual(refusal('not_found'));
});

it('is not part of the recording’s own timeline', async () => {
	const { entries } = await world.recordings.read(reviewer, { impersonationId: inside.impersonationId });
	expect(JSON.stringify(entries)).not.toContain('nmask');
});

it('ends with the right, at once', async () => {
	await may('review');
	await expect(read()).rejects.toEqual(refusal('not_allowed'));
	await may('unmask');
	expect((await read()).notes.length).toBe(1);
});

/** What no recorder of ours would send: the pieces of an event, as a batch. */
async function record(payloads: unknown[]): Promise<void> {
	const bytes = encodeBatch(
		payloads.map((payload) => ({
			type: EVENT.custom,
			timestamp: 1_005,
			data: { tag: CUSTOM_TAGS.personal, payload }
		}))
	);
	const { impersonationId, pageId } = inside;
	const seq = world.liveLog.got(pageId) + 1;
	await world.liveLog.append({ impersonationId, pageId, seq, receivedAt: 9_000, offsetMs: 2_000, bytes });
}

it('cannot be hidden by junk: keys that are none, keys that nobody has, more than a page holds', async () => {
	const junk = { page: 'AAAA', iv: 'AAAA', data: 'A'.repeat(1_000_000) };
	await record([{ ...junk, key: '-'.repeat(36) }]);
	for (let n = 0; n < 30; n += 1) await record([{ ...junk, key: randomUUID() }]);
	await recordWords();
	const words = [3_000, 7, 't', WORDS];
	expect(await read()).toEqual({ notes: [words, words], unreadable: 30, isCut: false });
	// Who knows the client's key may fill the page with what is ours by its looks; the reader is told at least.
	const { id } = (await keys.ensure(client))!;
	for (let n = 0; n < 20; n += 1) await record([{ ...junk, key: id }]);
	await recordWords();
	expect(await read()).toEqual({ notes: [words, words], unreadable: 49, isCut: true });
});

it('is gone for ever with the client’s key, while the recording stays', async () => {
	await world.database.db.execute(sql`DELETE FROM client_personal_key WHERE client_id = ${client.clientId}`);
	expect(await read()).toEqual({ notes: [], unreadable: 53, isCut: false });
	// A key made later opens only what comes later.
	await recordWords();
	expect(await read()).toEqual({ notes: [[3_000, 7, 't', WORDS]], unreadable: 53, isCut: false });
});
