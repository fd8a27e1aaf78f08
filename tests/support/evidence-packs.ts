// Evidence packs to look at and to tamper with: one made as the product makes it, its members, and any others put together as our own
// writer would, signed by whoever wants to.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StaffActor } from '#domain/actor.ts';
import { composeLog } from '#server/compose/log.ts';
import {
	fingerprintOf,
	MANIFEST,
	sha256,
	SIGNATURE,
	signatureFile,
	signedBytes,
	type Manifest
} from '#server/evidence/pack-format.ts';
import { verifyPack, type FoundPack } from '#server/evidence/verify-pack.ts';
import { openZip, contentOf, type ReadAt } from '#server/evidence/verify-zip.ts';
import { ZipWriter } from '#server/evidence/zip-writer.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { exportEvidence, type MadePack, type MakeDeps } from '#server/usecases/evidence/make-pack.ts';
import { NO_ORIGIN, testIds } from './impersonate.ts';
import type { RecordingsWorld } from './recordings-world.ts';

export type TestSigner = { privateKey: KeyObject; publicKey: KeyObject; publicPem: string };

export function testSigner(): TestSigner {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	return { privateKey, publicKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** Stands for what the build makes: what the page and the verifier do has tests of its own. */
export const STAND_IN = {
	player: '<!doctype html><title>%title%</title><!--switchback:recording-->',
	verifier: '// verify'
};

export function evidenceDeps(
	world: RecordingsWorld,
	signer: TestSigner,
	parts: MakeDeps['parts'] = () => Promise.resolve(STAND_IN)
): MakeDeps {
	const { db } = world.database;
	return {
		db,
		act: world.kit.act,
		liveLog: world.liveLog,
		store: new BlockStore({ db, blobs: world.blobs }),
		keys: new StoredKeys({ db, master: world.masterKey }),
		master: world.masterKey,
		signer,
		parts,
		now: () => 1_790_000_000_000,
		folder: path.join(world.folder, 'evidence'),
		checkAt: 'http://agency.test/evidence',
		signHeads: composeLog({ db, ids: testIds, signingKey: signer }).signHeads
	};
}

export async function bytesOf(pack: MadePack): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const part of pack.body) parts.push(part);
	return Buffer.concat(parts);
}

export async function makeEvidence(
	deps: MakeDeps,
	actor: StaffActor,
	impersonationId: string,
	reason = 'The client asked for it'
): Promise<{ pack: MadePack; file: Buffer }> {
	const pack = await exportEvidence(deps)(actor, { impersonationId, reason }, NO_ORIGIN);
	return { pack, file: await bytesOf(pack) };
}

const readerOf =
	(file: Buffer): ReadAt =>
	(at, length) =>
		Promise.resolve(at < 0 ? Buffer.alloc(0) : file.subarray(at, at + length));

export const verified = (file: Buffer, trusted: KeyObject | null): Promise<FoundPack> =>
	verifyPack({ read: readerOf(file), size: file.length, trusted });

export type Members = Map<string, Buffer>;

/** What is in each member, in their order. */
export async function membersOf(file: Buffer): Promise<Members> {
	const pack = await openZip({ read: readerOf(file), size: file.length });
	const members: Members = new Map();
	for (const name of pack.members.keys()) members.set(name, Buffer.from((await contentOf(pack, name)).plain));
	return members;
}

/**
 * A pack of these members, with a manifest that fits them. Without a signer the old signature stays, as for a forger who has no key.
 */
export async function packOf(folder: string, members: Members, signer: TestSigner | null): Promise<Buffer> {
	const name = path.join(folder, `made-${Math.random()}`);
	const handle = await open(name, 'wx+');
	const zip = new ZipWriter(handle, new Date(1_790_000_000_000));
	const listed: Manifest['members'] = [];
	for (const [member, content] of members) {
		if (member === MANIFEST || member === SIGNATURE) continue;
		const { at: _at, packed: _packed, ...facts } = await zip.add(member, [content]);
		listed.push(facts);
	}
	const before = JSON.parse(members.get(MANIFEST)!.toString()) as Manifest;
	const manifest = { ...before, members: listed };
	const text = `${JSON.stringify(manifest, null, '\t')}\n`;
	await zip.store(MANIFEST, text);
	await zip.store(SIGNATURE, signer ? signedBy(signer, manifest, text) : members.get(SIGNATURE)!.toString());
	await zip.finish();
	await handle.close();
	const bytes = await readFile(name);
	await rm(name);
	return bytes;
}

function signedBy(
	{ privateKey, publicPem, publicKey }: TestSigner,
	manifest: Manifest,
	text: string
): string {
	const signature = sign(null, signedBytes(manifest, text), privateKey).toString('base64');
	return signatureFile({ publicKey: publicPem, keyFingerprint: fingerprintOf(publicKey), signature });
}

type Row = Record<string, unknown> & { seq: string; previous: string; hash: string };

const FIELDS =
	`seq agencyId at clientId contactId actorKind actorStaffId impersonationId pageId action subjectType subjectId outcome
	refusal detailsHash`.split(/\s+/);

/** What a forger who knows the format does with rows: all hashes fit again. */
export function rehashed(rows: Row[]): Row[] {
	let before: { old: string; now: string } | null = null;
	return rows.map((row) => {
		const previous: string = before?.old === row.previous ? before.now : row.previous;
		const values = FIELDS.map((field) => row[field]);
		const hash = sha256(JSON.stringify(['switchback.action.1', ...values, previous]));
		before = { old: row.hash, now: hash };
		return { ...row, previous, hash };
	});
}

export const rowsOf = (members: Members): Row[] =>
	members
		.get('actions.ndjson')!
		.toString()
		.split('\n')
		.slice(0, -1)
		.map((line) => JSON.parse(line) as Row);

export const withRows = (members: Members, rows: Row[]): Members =>
	new Map(members).set('actions.ndjson', Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
