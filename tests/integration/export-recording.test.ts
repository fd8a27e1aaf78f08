// An exported recording: whole as it was written, and whatever is done to the file, the first bad block is named.
import { generateKeyPairSync, createPublicKey } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { exportRecording } from '#server/usecases/recordings/export-recording.ts';
import { verifyRecording, type Verified } from '#server/usecases/recordings/verify-recording.ts';
import { linesOf } from '../../realtime/commands/verify-recording.ts';
import { DeskProcess } from '#support/desk-process.ts';
import type { Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let inside: Impersonated;
let locked: Buffer;
let open: Buffer;

const { privateKey } = generateKeyPairSync('ed25519');
const trusted = createPublicKey(privateKey);
const publicPem = trusted.export({ type: 'spki', format: 'pem' }).toString();

async function exported(withKey: boolean): Promise<Buffer> {
	const { db } = world.database;
	const keys = new StoredKeys({ db, master: world.masterKey });
	const store = new BlockStore({ db, blobs: world.blobs });
	const signer = { privateKey, publicPem };
	const deps = {
		db,
		act: world.kit.act,
		liveLog: world.liveLog,
		store,
		keys,
		signer,
		now: () => 1_790_000_000_000
	};
	const parts: Uint8Array[] = [];
	const write = async (bytes: Uint8Array) => void parts.push(bytes);
	const { agencyId } = inside.actor;
	await exportRecording(deps)({ agencyId, impersonationId: inside.impersonationId, withKey, write });
	return Buffer.concat(parts);
}

const check = (file: Buffer, key: typeof trusted | null = trusted): Promise<Verified> =>
	verifyRecording({
		read: (at, length) => Promise.resolve(file.subarray(Math.max(0, at), Math.max(0, at) + length)),
		size: file.length,
		trusted: key
	});
const lastLine = (verified: Verified) => linesOf(verified).at(-1);

beforeAll(async () => {
	world = await RecordingsWorld.open();
	inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds: 25 });
	const { db } = world.database;
	const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
	await expect(exported(false)).rejects.toEqual(refusal('conflict'));
	await db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${inside.impersonationId}`);
	await expect(exported(false)).rejects.toEqual(refusal('try_later'));
	await world.process({}, new DeskProcess()).recordings.sealLeft();
	locked = await exported(false);
	open = await exported(true);
});
afterAll(() => world.close());

it('is whole, with the key inside and without, and says which of the two', async () => {
	expect(await check(locked)).toMatchObject({ whole: true, blocks: 3, isOpened: false, missing: [] });
	expect(await check(open)).toMatchObject({ whole: true, blocks: 3, isOpened: true });
	expect(lastLine(await check(locked))).toBe('recording whole to block 3');
	expect(await check(locked, null)).toMatchObject({ whole: true });
	expect(locked.includes('Invoice 5 of Bluebird')).toBe(false);
});

it('is an action under the client’s account, and no part of the recording', async () => {
	const rows = await world.database.db.execute<{ client_id: string; actor_kind: string }>(
		sql`SELECT client_id, actor_kind FROM action WHERE action = 'recording.exported' AND outcome = 'done'`
	);
	const { clientId } = world.agencies.north.clients.assigned;
	expect([...rows]).toEqual([
		{ client_id: clientId, actor_kind: 'system' },
		{ client_id: clientId, actor_kind: 'system' }
	]);
});

describe('a file that was changed', () => {
	it('names the first bad block, wherever in it a bit was flipped', async () => {
		const whole = await check(locked);
		if (!whole.whole) throw new Error('it is not whole');
		for (const [number, { at, bytes }] of whole.index.pages[0]!.blocks.entries())
			for (const offset of [0, 9, 30, 150, 208, Math.floor(bytes / 2), bytes - 1]) {
				const broken = Buffer.from(locked);
				broken[at + offset]! ^= 4;
				expect(lastLine(await check(broken))).toBe(`broken at block ${number + 1}`);
			}
		const dictionary = Buffer.from(locked);
		dictionary[whole.index.pages[0]!.dictionary!.at + 50]! ^= 1;
		expect(lastLine(await check(dictionary))).toBe('broken at block 1');
	});

	it('is found out by its signature when the index was changed to fit, or another key signed it', async () => {
		const at = locked.lastIndexOf('North manager');
		const renamed = Buffer.from(locked);
		renamed.write('South manager', at);
		expect(lastLine(await check(renamed))).toBe('broken at the index');
		const other = createPublicKey(generateKeyPairSync('ed25519').privateKey);
		expect(await check(locked, other)).toMatchObject({
			whole: false,
			fault: expect.stringContaining('signature') as string
		});
	});

	it('is found out when it is cut off, or is something else', async () => {
		for (const length of [0, 7, 8, 20, 500, locked.length - 500, locked.length - 12, locked.length - 1])
			expect(lastLine(await check(locked.subarray(0, length)))).toBe('broken at the index');
		expect(lastLine(await check(Buffer.concat([locked, Buffer.of(0)])))).toBe('broken at the index');
		expect(lastLine(await check(Buffer.alloc(5_000, 'x')))).toBe('broken at the index');
	});

	it('is found out with a wrong key inside', async () => {
		const at = open.lastIndexOf('"key":"') + 7;
		const wrong = Buffer.from(open);
		wrong[at] = wrong[at] === 65 ? 66 : 65;
		expect(lastLine(await check(wrong))).toBe('broken at block 1');
	});
});
