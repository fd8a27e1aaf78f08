// An exported recording brought into another installation: the inverse of the export, and of nothing else.
import { generateKeyPairSync } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { encodeBatch, EVENT } from '#recorder/format/events.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { exportRecording } from '#server/usecases/recordings/export-recording.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { NO_ORIGIN, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let north: Impersonated;
let south: Impersonated;
let file: Buffer;
let locked: Buffer;
const SHIFT = -3_600_000;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const desk = () => world.process({}, new DeskProcess());
const end = ({ impersonationId }: Impersonated) =>
	world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${impersonationId}`);

async function exported({ actor, impersonationId }: Impersonated, withKey: boolean): Promise<Buffer> {
	const { db } = world.database;
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	const signer = { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
	const parts: Uint8Array[] = [];
	await exportRecording({
		db,
		act: world.kit.act,
		liveLog: world.liveLog,
		store: new BlockStore({ db, blobs: world.blobs }),
		keys: new StoredKeys({ db, master: world.masterKey }),
		signer,
		now: () => Date.now()
	})({ agencyId: actor.agencyId, impersonationId, withKey, write: async (bytes) => void parts.push(bytes) });
	return Buffer.concat(parts);
}

const bringIn = (bytes: Buffer, { actor, impersonationId }: Impersonated, process = desk()) =>
	process.recordings.bringIn({
		read: (at, length) => Promise.resolve(bytes.subarray(Math.max(0, at), Math.max(0, at) + length)),
		size: bytes.length,
		trusted: null,
		agencyId: actor.agencyId,
		impersonationId,
		shiftMs: SHIFT
	});

beforeAll(async () => {
	world = await RecordingsWorld.open();
	[north, south] = [
		await world.impersonate(world.agencies.north),
		await world.impersonate(world.agencies.south)
	];
	const count = await world.recordPage(north, { seconds: 12 });
	const { impersonationId, pageId } = north;
	// What only the other installation could open, and script that no recorder of ours lets through.
	const events = [
		{
			type: EVENT.custom,
			timestamp: Date.now(),
			data: { tag: 'personal', payload: { key: 'k', page: 'p', iv: 'i', data: 'd' } }
		},
		{ type: EVENT.plugin, timestamp: Date.now(), data: { plugin: 'hostile-plugin' } }
	];
	const at = Date.now() - 1_000;
	const bytes = encodeBatch(events);
	await world.liveLog.append({ impersonationId, pageId, seq: count, receivedAt: at, offsetMs: 0, bytes });
	await end(north);
	await end(south);
	await desk().recordings.sealLeft();
	file = await exported(north, true);
	locked = await exported(north, false);
});
afterAll(() => world.close());

it('plays where it was brought in, at the times it was moved to, under a key of its own', async () => {
	const target = await emptied();
	const [pageId] = await bringIn(file, target);
	const again = await bringIn(file, target);
	expect(again).toEqual([pageId]);
	const reviewer = await world.supervisor(world.agencies.south);
	await world.recordings.openReplay(reviewer, { ...target, origin: NO_ORIGIN });
	const recording = await world.recordings.read(reviewer, target);
	const [page] = recording.pages;
	expect(page).toMatchObject({ pageId, tailFrom: null });
	expect(page?.blocks[0]).toMatchObject({ firstSeq: 0, checkpoint: 'empty' });
	const [was] = await world.database.db.execute<{
		at: number;
	}>(sql`SELECT (extract(epoch FROM min(from_at)) * 1000)::float8 AS at
		FROM block WHERE impersonation_id = ${north.impersonationId}`);
	expect(page?.blocks[0]?.fromAt).toBe(was!.at + SHIFT);
	const payload = await world.recordings.readBlock(reviewer, { ...target, blockId: page!.blocks[0]!.id });
	expect(Buffer.from(payload).toString('latin1')).toContain('Invoice');
	const last = await world.recordings.readBlock(reviewer, { ...target, blockId: page!.blocks.at(-1)!.id });
	expect(Buffer.from(last).toString('latin1')).not.toMatch(/hostile-plugin|personal/);
	const keys = await world.database.db.execute(
		sql`SELECT FROM recording_key WHERE impersonation_id = ${target.impersonationId}`
	);
	expect(keys).toHaveLength(1);
});

it('refuses a file that is changed, cut, locked, or none, and leaves nothing of it', async () => {
	const target = await emptied();
	const changed = Buffer.from(file);
	changed[400] = (changed[400] ?? 0) ^ 1;
	for (const bad of [changed, file.subarray(0, -20), locked, Buffer.from('nothing'), Buffer.alloc(0)])
		await expect(bringIn(bad, target)).rejects.toEqual(refusal('invalid'));
	const pages = await world.database.db.execute(
		sql`SELECT FROM page WHERE impersonation_id = ${target.impersonationId}`
	);
	expect(pages).toHaveLength(0);
});

it('refuses an impersonation that runs, one of another agency, and one that has a recording', async () => {
	await expect(bringIn(file, { ...north, actor: south.actor })).rejects.toEqual(refusal('not_found'));
	const running = await world.impersonate(world.agencies.north);
	await expect(bringIn(file, running)).rejects.toEqual(refusal('not_found'));
	await end(running);
	const [first] = await world.database.db.execute<{ id: string }>(sql`
		INSERT INTO page (id, agency_id, impersonation_id, address) SELECT gen_random_uuid(), agency_id, id, '/'
		FROM impersonation WHERE id = ${running.impersonationId} RETURNING id`);
	expect(first).toBeDefined();
	await expect(bringIn(file, running)).rejects.toEqual(refusal('conflict'));
});

/** An ended impersonation of the other agency without a page. */
async function emptied(): Promise<Impersonated> {
	const stay = await world.impersonate(world.agencies.south);
	await end(stay);
	await world.database.owner`DELETE FROM page WHERE impersonation_id = ${stay.impersonationId}`;
	return stay;
}
