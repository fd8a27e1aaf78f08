// Pictures of recorded pages: kept once for each client, shown to whoever may look at the recording, gone with the last of them.
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { MAX_ASSET_BYTES } from '#recorder/format/assets.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { filesWith } from '#support/find-word.ts';
import { impersonate, NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let reviewer: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const picture = (word: string): Buffer => Buffer.from(`\x89PNG\r\n\x1a\n${word}`, 'latin1');
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const NAME = 'recorded:/logo?v=1';

const keep = ({ actor }: Impersonated, bytes: Uint8Array, name = NAME, sha256 = hashOf(bytes)) =>
	world.recordings.keepAsset(actor, { name, sha256, bytes });
const offer = ({ actor }: Impersonated, bytes: Uint8Array, name = NAME) =>
	world.recordings.offerAssets(actor, { taken: [{ name, sha256: hashOf(bytes) }], left: [] });
const show = async (
	staff: StaffActor,
	{ impersonationId, pageId }: Impersonated,
	name = NAME,
	of = impersonationId
) => {
	const grant = world.recordings.grantAssets(staff, { impersonationId: of, right: 'review' });
	const asset = await world.recordings.readAsset({ grant, pageId, name, mayWait: true });
	return asset && { type: asset.type, word: Buffer.from(asset.file).toString('latin1').slice(8) };
};
const end = ({ impersonationId }: Impersonated) =>
	world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${impersonationId}`);
const inside = async (client: 'assigned' | 'unassigned' = 'assigned', side: 'north' | 'south' = 'north') => {
	const { agencyId, staff, clients } = world.agencies[side];
	const { clientId, owner } = clients[client];
	const who = { agencyId, staffId: staff.superAdmin, clientId, contactId: owner };
	await world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE agency_id = ${agencyId} AND state <> 'ended'`);
	return impersonate(world.database.db, who, world.kit);
};

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
});
afterAll(() => world.close());

it('keeps one once for each client, however many pages show it, and shows it as what its bytes are', async () => {
	const first = await inside();
	expect(await offer(first, picture('Quitte'))).toEqual([hashOf(picture('Quitte'))]);
	await keep(first, picture('Quitte'));
	await keep(first, picture('Quitte'));
	const second = await inside();
	expect(await offer(second, picture('Quitte'), 'recorded:/other')).toEqual([]);
	expect(await show(reviewer, first)).toEqual({ type: 'image/png', word: 'Quitte' });
	expect(await show(reviewer, second, 'recorded:/other')).toEqual({ type: 'image/png', word: 'Quitte' });
	expect(await show(reviewer, second)).toBeNull();
	const [count] = await world.database.db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM asset`);
	expect(count?.n).toBe(1);
	// Encrypted, and not a byte of it in the clear.
	expect(filesWith(world.folder, 'assets')).toHaveLength(1);
	expect(filesWith(world.folder, 'Quitte')).toEqual([]);
});

it('says what was not taken, and takes it when it comes after all', async () => {
	const stay = await inside();
	await world.recordings.offerAssets(stay.actor, { taken: [], left: [{ name: NAME, why: 'too-large' }] });
	expect(await show(reviewer, stay)).toBeNull();
	await keep(stay, picture('after all'));
	expect(await show(reviewer, stay)).toMatchObject({ word: 'after all' });
	await world.recordings.offerAssets(stay.actor, { taken: [], left: [{ name: NAME, why: 'unreadable' }] });
	await expect(keep(stay, picture('another one'))).rejects.toMatchObject({ code: 'invalid' });
	const [row] = await world.database.db.execute(
		sql`SELECT FROM asset WHERE sha256 = decode(${hashOf(picture('another one'))}, 'hex')`
	);
	expect(row).toBeUndefined();
	expect(await show(reviewer, stay)).toMatchObject({ word: 'after all' });
});

it('answers another client’s hash like one that nobody has', async () => {
	await keep(await inside(), picture('of Assigned'));
	const other = await inside('unassigned');
	const south = await inside('assigned', 'south');
	for (const stranger of [other, south]) {
		expect(await offer(stranger, picture('of Assigned'))).toEqual([hashOf(picture('of Assigned'))]);
		const [row] = await world.database.db.execute(
			sql`SELECT FROM page_asset WHERE page_id = ${stranger.pageId}`
		);
		expect(row).toBeUndefined();
	}
});

it.each([
	['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'invalid'],
	[
		'a drawing with script',
		Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
		'invalid'
	],
	['more than is kept', Buffer.concat([picture(''), Buffer.alloc(MAX_ASSET_BYTES)]), 'too_large'],
	['nothing', Buffer.alloc(0), 'invalid']
])('refuses %s', async (_what, bytes, code) => {
	await expect(keep(await inside(), bytes)).rejects.toEqual(refusal(code));
});

it('refuses bytes under another hash, names that are none, and pages that are not recorded', async () => {
	const stay = await inside();
	await expect(keep(stay, picture('a'), NAME, hashOf(picture('b')))).rejects.toEqual(refusal('invalid'));
	for (const name of ['/logo', 'recorded://x/y', 'https://x.test/y', 'recorded:/a#b', '../../keys', ''])
		await expect(keep(stay, picture('a'), name)).rejects.toEqual(refusal('invalid'));
	const another = await inside();
	const astray = { ...another, actor: { ...another.actor, pageId: stay.pageId } };
	await expect(keep(astray, picture('a'))).rejects.toEqual(refusal('not_allowed'));
	await expect(offer(astray, picture('a'))).rejects.toEqual(refusal('not_allowed'));
	await end(another);
	await expect(keep(another, picture('a'))).rejects.toEqual(refusal('not_allowed'));
});

it('shows nothing of another recording, another agency, or to whoever may not look', async () => {
	const stay = await inside();
	await keep(stay, picture('mine'));
	const other = await inside('unassigned');
	const { north, south } = world.agencies;
	const stranger = await signInStaff(world.database.db, south.agencyId, south.staff.superAdmin);
	const manager = await signInStaff(world.database.db, north.agencyId, north.staff.manager);
	expect(await show(reviewer, stay, NAME, other.impersonationId)).toBeNull();
	expect(await show(stranger, stay)).toBeNull();
	await expect(show(manager, stay)).rejects.toEqual(refusal('not_allowed'));
	const gone = await world.supervisor(north);
	await world.database.db.execute(sql`DELETE FROM staff_session WHERE id = ${gone.sessionId}`);
	await expect(show(gone, stay)).rejects.toEqual(refusal('not_allowed'));
	for (const grant of ['', 'a.b.c', 'x'.repeat(500)])
		await expect(
			world.recordings.readAsset({ grant, pageId: stay.pageId, name: NAME, mayWait: true })
		).rejects.toEqual(refusal('not_allowed'));
});

it('goes with the last recording that shows it, and not before', async () => {
	const [first, second] = [await inside(), await inside()];
	await end(second);
	await world.database.db.execute(
		sql`UPDATE impersonation SET state = 'active', end_reason = NULL, ended_at = NULL WHERE id = ${first.impersonationId}`
	);
	await keep(first, picture('shared'));
	await keep(first, picture('alone'), 'recorded:/alone');
	await end(first);
	await world.database.db.execute(sql`
		INSERT INTO page_asset (page_id, agency_id, name, asset_id)
		SELECT ${second.pageId}, agency_id, name, asset_id FROM page_asset WHERE page_id = ${first.pageId} AND name = ${NAME}`);
	const { agencyId, staff } = world.agencies.north;
	const admin = await signInStaff(world.database.db, agencyId, staff.admin);
	const process = world.process({}, new DeskProcess());
	const keyOf = async (word: string) => {
		const [row] = await world.database.db.execute<{ key: string }>(
			sql`SELECT blob_key AS key FROM asset WHERE sha256 = decode(${hashOf(picture(word))}, 'hex')`
		);
		return row?.key ?? null;
	};
	const [shared, alone] = [await keyOf('shared'), await keyOf('alone')];
	const erase = ({ impersonationId }: Impersonated) =>
		process.retention.eraseRecording(
			admin,
			{ impersonationId, reason: 'Asked for by letter', name: 'North Assigned' },
			NO_ORIGIN
		);
	await erase(first);
	// From this commit on nobody can open it, whatever becomes of the object.
	expect([await keyOf('shared'), await keyOf('alone')]).toEqual([shared, null]);
	expect(await show(reviewer, first)).toBeNull();
	expect(await show(reviewer, second)).toMatchObject({ word: 'shared' });
	await process.recordings.sweepObjects();
	expect(await world.blobs.open(alone!)).toBeNull();
	await erase(second);
	await process.recordings.sweepObjects();
	expect(await world.blobs.open(shared!)).toBeNull();
	expect(await show(reviewer, second)).toBeNull();
});
