// How long recordings are kept: the client's own days before the agency's before the installation's; a hold before all of them; and
// what went is told in the log by a hash that an evidence pack of it holds, too.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Tx } from '#server/db/types.ts';
import { MANIFEST, type Manifest } from '#server/evidence/pack-format.ts';
import { holdRecordings } from '#server/usecases/review/hold-recordings.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { evidenceDeps, makeEvidence, membersOf, testSigner } from '#support/evidence-packs.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { until } from '#support/recorder-hub.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let admin: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const origin = NO_ORIGIN;

beforeAll(async () => {
	world = await RecordingsWorld.open();
	const { north } = world.agencies;
	admin = await signInStaff(world.database.db, north.agencyId, north.staff.superAdmin);
});
afterAll(() => world.close());

async function ended(days: number): Promise<Impersonated> {
	const inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds: 2 });
	await world.kit.end(inside.actor, { impersonationId: inside.impersonationId, reason: 'switch_back' });
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	await world.database.db
		.execute(sql`UPDATE impersonation SET ended_at = now() - make_interval(days => ${days}::int, mins => 5)
		WHERE id = ${inside.impersonationId}`);
	return inside;
}

const isThere = async ({ impersonationId }: Impersonated): Promise<boolean> => {
	const rows = await world.database.db.execute(
		sql`SELECT FROM recording_key WHERE impersonation_id = ${impersonationId}`
	);
	return rows.length === 1;
};
const rowsOf = (action: string) =>
	world.database.db.execute<{ actor: string; client: string; details: string; subject: string }>(sql`
		SELECT a.actor_kind AS actor, a.client_id AS client, a.subject_id AS subject, d.details FROM action a
		JOIN action_details d ON d.seq = a.seq WHERE a.action = ${action} AND a.outcome = 'done' ORDER BY a.seq`);

it('asks before fewer days remove anything, then removes just that, with a row and the hash that a pack of it holds', async () => {
	const { retention } = world;
	const [old, young] = [await ended(40), await ended(20)];
	const { clientId } = old.actor;
	const signer = testSigner();
	const { file } = await makeEvidence(evidenceDeps(world, signer), admin, old.impersonationId);
	const { recordingHash } = JSON.parse((await membersOf(file)).get(MANIFEST)!.toString()) as Manifest;
	expect(await retention.expireRecordings()).toBe(0);
	const asked = retention.setClientDays(admin, { clientId, days: 30, removing: 0 }, origin);
	await expect(asked).rejects.toMatchObject({ code: 'invalid', details: { removing: 1 } });
	expect(await retention.setClientDays(admin, { clientId, days: 30, removing: 1 }, origin)).toBe(true);
	expect(await retention.setClientDays(admin, { clientId, days: 30, removing: 0 }, origin)).toBe(false);
	// The client's own number counts, whatever the agency says.
	expect(await retention.setAgencyDays(admin, { days: 10, removing: 0 }, origin)).toBe(true);
	expect((await retention.read(admin, '')).due).toEqual({ now: 1, week: 1, month: 2 });
	expect(await retention.expireRecordings()).toBe(1);
	expect([await isThere(old), await isThere(young)]).toEqual([false, true]);
	const [row, ...more] = await rowsOf('recording.expired');
	expect(more).toEqual([]);
	expect(row).toMatchObject({ actor: 'system', client: clientId, subject: old.impersonationId });
	expect(JSON.parse(row!.details)).toMatchObject({ days: 30, pages: 1, recordingHash });
	expect(await retention.expireRecordings()).toBe(0);
	const [removal] = (await retention.read(admin, '')).removals;
	expect(removal).toMatchObject({ by: null, reason: 'After 30 days', hash: recordingHash });
});

it('keeps what is held, whoever or whatever comes, until the hold is released', async () => {
	const { retention } = world;
	const old = await ended(100);
	const { clientId } = old.actor;
	const hold = (what: 'hold' | 'release') =>
		retention.holdClient(admin, { clientId, what, reason: 'Court order 7' }, origin);
	expect([await hold('hold'), await hold('hold')]).toEqual([true, false]);
	expect(await retention.expireRecordings()).toBe(0);
	const { impersonationId } = old;
	const erase = { impersonationId, reason: 'Asked for it', name: 'North assigned' };
	const [client] = await world.database.db.execute<{ name: string }>(
		sql`SELECT name FROM client WHERE id = ${clientId}`
	);
	const named = { ...erase, name: client!.name };
	await expect(retention.eraseRecording(admin, named, origin)).rejects.toThrow(
		/its client on hold \(Court order 7\)/
	);
	await world.database.db.execute(sql`UPDATE client SET status = 'archived' WHERE id = ${clientId}`);
	await expect(retention.eraseClient(admin, { clientId, ...named }, origin)).rejects.toThrow(
		'the client on hold'
	);
	await world.database.db.execute(sql`UPDATE client SET status = 'active' WHERE id = ${clientId}`);
	expect(await isThere(old)).toBe(true);
	expect(await retention.readClient(admin, clientId)).toMatchObject({
		hold: 'Court order 7',
		days: 30,
		agencyDays: 10
	});
	expect(await hold('release')).toBe(true);
	await retention.eraseRecording(admin, named, origin);
	const [row] = await rowsOf('recording.erased');
	expect(JSON.parse(row!.details)).toMatchObject({
		pages: 1,
		recordingHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string
	});
	expect((await rowsOf('client.held')).length + (await rowsOf('client.hold_released')).length).toBe(2);
});

/** The expiry waits for a lock of what this work has changed; then the work commits. */
async function whileItExpires(work: (tx: Tx) => Promise<unknown>): Promise<void> {
	const { db, owner } = world.database;
	const waiting = async (): Promise<boolean> =>
		(
			await owner`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
		).length > 0;
	let expiring: Promise<number> | undefined;
	await db.transaction(async (tx) => {
		await work(tx);
		expiring = world.retention.expireRecordings();
		await until('the expiry waits', waiting);
	});
	await expiring;
}

it('keeps what is held while the expiry waits for the one who holds it, and what is given more days meanwhile', async () => {
	const old = await ended(100);
	const { clientId, agencyId } = old.actor;
	const { impersonationId: id } = old;
	await whileItExpires(async (tx) => {
		await tx.execute(sql`SELECT FROM client WHERE id = ${clientId} FOR UPDATE`);
		await tx.execute(sql`INSERT INTO client_hold (client_id, agency_id, held_by, reason)
			VALUES (${clientId}, ${agencyId}, ${admin.staffId}, 'Court order 8')`);
	});
	expect(await isThere(old)).toBe(true);
	await world.database.db.execute(sql`DELETE FROM client_hold`);
	await whileItExpires(async (tx) => {
		await tx.execute(sql`SELECT FROM impersonation WHERE id = ${id} FOR NO KEY UPDATE`);
		await tx.execute(sql`INSERT INTO recording_hold (impersonation_id, agency_id, held_by, reason)
			VALUES (${id}, ${agencyId}, ${admin.staffId}, 'Court order 9')`);
	});
	expect(await isThere(old)).toBe(true);
	await world.database.db.execute(sql`DELETE FROM recording_hold`);
	await whileItExpires((tx) =>
		tx.execute(sql`UPDATE client SET recording_days = 365 WHERE id = ${clientId}`)
	);
	expect(await isThere(old)).toBe(true);
	await world.database.db.execute(sql`UPDATE client SET recording_days = 30 WHERE id = ${clientId}`);
	expect(await world.retention.expireRecordings()).toBe(1);
});

it('keeps what somebody has still to review, and goes on where one recording cannot go', async () => {
	const { retention, database } = world;
	const { db, owner } = database;
	const [open, stuck, old, late] = [await ended(45), await ended(100), await ended(100), await ended(61)];
	await db.execute(sql`INSERT INTO review (impersonation_id, agency_id, client_id, staff_id, ended_at, risk, reasons, is_incomplete,
			is_queued, due_at) SELECT id, agency_id, client_id, staff_id, ended_at, 50, '[]', false, true, now() FROM impersonation
		WHERE id IN (${open.impersonationId}, ${late.impersonationId})`);
	await owner.unsafe(`CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stuck'; END $$;
		CREATE TRIGGER stuck BEFORE DELETE ON recording_key FOR EACH ROW WHEN (OLD.impersonation_id = '${stuck.impersonationId}')
		EXECUTE FUNCTION stuck()`);
	await expect(retention.expireRecordings()).rejects.toThrow('1 recordings past their days');
	expect([await isThere(open), await isThere(stuck), await isThere(old)]).toEqual([true, true, false]);
	// Its 30 days and 30 more are over: nothing is waited for, the log and the row say so.
	expect(await isThere(late)).toBe(false);
	const lapsed = await db.execute(sql`SELECT is_queued, verdict FROM review WHERE lapsed_at IS NOT NULL`);
	expect([...lapsed]).toEqual([{ is_queued: false, verdict: null }]);
	const told = (await rowsOf('recording.expired')).find(({ subject }) => subject === late.impersonationId);
	expect(JSON.parse(told!.details)).toMatchObject({ days: 30, review: 'never given' });
	await owner.unsafe('DROP TRIGGER stuck ON recording_key');
	await db.execute(
		sql`UPDATE review SET verdict = 'fine', reviewed_by = ${admin.staffId}, reviewed_at = now() WHERE is_queued`
	);
	expect(await retention.expireRecordings()).toBe(2);
	const left = await db.execute(sql`SELECT FROM impersonation WHERE state = 'ended' AND erased_at IS NULL
		AND id IN (${open.impersonationId}, ${stuck.impersonationId}, ${old.impersonationId})`);
	expect(left).toHaveLength(0);
});

it('lets nobody see to it that recordings of their own go', async () => {
	const { retention, database, agencies } = world;
	const own = await ended(40);
	const { clientId } = own.actor;
	const { db, owner } = database;
	await db.execute(sql`UPDATE client SET recording_days = 60 WHERE id = ${clientId}`);
	await db.execute(
		sql`UPDATE impersonation SET staff_id = ${admin.staffId} WHERE id = ${own.impersonationId}`
	);
	const set = (actor: StaffActor, days: number) =>
		retention.setClientDays(actor, { clientId, days, removing: 9 }, origin);
	await expect(set(admin, 30)).rejects.toThrow('sessions that you were inside would be removed');
	// Not by tomorrow either.
	await expect(set(admin, 45)).rejects.toEqual(refusal('not_allowed'));
	expect(await set(admin, 50)).toBe(true);
	const other = await signInStaff(db, agencies.north.agencyId, agencies.north.staff.admin);
	const hold = (actor: StaffActor, what: 'hold' | 'release') =>
		retention.holdClient(actor, { clientId, what, reason: 'Court order 10' }, origin);
	/** Attack: who had control there does it, as somebody who was never inside. */
	const asHolder = async (work: () => Promise<unknown>): Promise<void> => {
		await db.execute(sql`INSERT INTO control_holder (impersonation_id, staff_id)
			VALUES (${own.impersonationId}, ${other.staffId})`);
		await expect(work()).rejects.toEqual(refusal('not_allowed'));
		await owner`DELETE FROM control_holder`;
	};
	await hold(other, 'hold');
	await asHolder(() => set(other, 30));
	expect(await set(other, 30)).toBe(true);
	await expect(hold(admin, 'release')).rejects.toEqual(refusal('not_allowed'));
	await asHolder(() => hold(other, 'release'));
	expect(await hold(other, 'release')).toBe(true);
	const [client] = await db.execute<{ name: string }>(
		sql`UPDATE client SET status = 'archived' WHERE id = ${clientId} RETURNING name`
	);
	await db.execute(sql`UPDATE impersonation SET created_at = now() - interval '40 days'`);
	const erase = { clientId, name: client!.name, reason: 'Asked for it' };
	await expect(retention.eraseClient(admin, erase, origin)).rejects.toThrow('there are pictures of it');
	const holdOne = holdRecordings({ act: world.kit.act, db });
	const asked = { ids: [own.impersonationId], reason: 'Court order 11' };
	await holdOne(other, { ...asked, what: 'hold' }, origin);
	await expect(holdOne(admin, { ...asked, what: 'release' }, origin)).rejects.toThrow(
		'somebody else must release it'
	);
	expect((await holdOne(other, { ...asked, what: 'release' }, origin)).done).toBe(1);
	await db.execute(sql`UPDATE client SET status = 'active' WHERE id = ${clientId}`);
	expect(await retention.expireRecordings()).toBe(1);
});

it('lets nobody hold, release or set days for another agency’s client, or without the right', async () => {
	const { retention, agencies, database } = world;
	const { clientId } = agencies.south.clients.assigned;
	const own = agencies.north.clients.assigned.clientId;
	const supervisor = await signInStaff(database.db, agencies.north.agencyId, agencies.north.staff.supervisor);
	const hold = { clientId, what: 'hold', reason: 'Because of it' } as const;
	await expect(retention.holdClient(admin, hold, origin)).rejects.toEqual(refusal('not_found'));
	await expect(retention.setClientDays(admin, { clientId, days: 1, removing: 9 }, origin)).rejects.toEqual(
		refusal('not_found')
	);
	await expect(retention.readClient(admin, clientId)).rejects.toEqual(refusal('not_found'));
	await expect(retention.holdClient(supervisor, { ...hold, clientId: own }, origin)).rejects.toEqual(
		refusal('not_allowed')
	);
	await expect(retention.setAgencyDays(supervisor, { days: 1, removing: 0 }, origin)).rejects.toEqual(
		refusal('not_allowed')
	);
	await expect(retention.read(supervisor, '')).rejects.toEqual(refusal('not_allowed'));
	expect((await retention.read(admin, 'assigned')).found?.every(({ id }) => id !== clientId)).toBe(true);
});

it('notes when a job ran and what became of it', async () => {
	const { retention } = world;
	const runOf = async () => (await retention.read(admin, '')).jobs.find(({ job }) => job === 'files.purge')!;
	expect((await runOf()).startedAt).toBeNull();
	await retention.noteRun('files.purge', () => Promise.resolve(3));
	// Of several agencies: how many there were among all of them is nobody's to see.
	expect(await runOf()).toMatchObject({ done: null, failure: null });
	const failing = retention.noteRun('files.purge', () => Promise.reject(new Error('The disk is full')));
	await expect(failing).rejects.toThrow('The disk is full');
	expect(await runOf()).toMatchObject({ failure: 'The disk is full' });
	expect((await runOf()).nextAt).toBeGreaterThan(Date.now());
});
