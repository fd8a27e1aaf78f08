// Verifies an evidence pack from the file alone: completeness, order, chain, signature. Names the first member or row that is
// bad. Belongs to the verifier that is shipped: Node and its neighbours, nothing else.
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
	fingerprintOf,
	FORMAT,
	INDEX,
	LAST,
	MANIFEST,
	MEMBERS,
	recordingHash,
	sha256,
	SIGNATURE,
	signatureFile,
	signedBytes,
	type Manifest,
	type ProvenBlock,
	type ProvenIndex,
	type SignatureFacts
} from './pack-format.ts';
import { checkChain, checkViews, countWordless, readActions, type Wordless } from './verify-rows.ts';
import { Broken, contentOf, hold, openZip, parsed, textOf, type Pack, type ReadAt } from './verify-zip.ts';

export type PackInput = { read: ReadAt; size: number; trusted: KeyObject | null };

export type FoundPack =
	| {
			whole: true;
			manifest: Manifest;
			keyFingerprint: string;
			members: number;
			actions: number;
			views: number;
			/** Whether the row of the end shows that these are all the views. */
			areProven: boolean;
			wordless: Wordless;
			pages: number;
			blocks: number;
			erasedPages: number;
			/** What was recorded and is not in here. */
			missing: string[];
	  }
	| { whole: false; at: string; fault: string };

function keyOf({ publicKey, keyFingerprint }: SignatureFacts): KeyObject {
	let key: KeyObject;
	try {
		key = createPublicKey(publicKey);
	} catch {
		throw new Broken(SIGNATURE, 'its key is damaged');
	}
	hold(fingerprintOf(key) === keyFingerprint, SIGNATURE, 'it names another key than it holds');
	return key;
}

/** Who signed comes first: of what is not signed nothing is believed. */
async function readManifest(pack: Pack, trusted: KeyObject | null) {
	const signatureText = await textOf(pack, SIGNATURE);
	const facts = parsed<SignatureFacts>(signatureText, SIGNATURE);
	const key = keyOf(facts);
	const isKnown = trusted === null || fingerprintOf(trusted) === facts.keyFingerprint;
	hold(isKnown, SIGNATURE, 'another installation signed it, not the one whose key you trust');
	const text = await textOf(pack, MANIFEST);
	const manifest = parsed<Manifest>(text, MANIFEST);
	const signature = Buffer.from(String(facts.signature), 'base64');
	const isExact = signatureText === signatureFile({ ...facts, signature: signature.toString('base64') });
	const isSigned = isExact && verify(null, signedBytes(manifest, text), key, signature);
	const fault = 'the signature does not fit: the manifest was changed, or somebody else made it';
	hold(isSigned && manifest.format === FORMAT, SIGNATURE, fault);
	return { manifest, key, keyFingerprint: facts.keyFingerprint };
}

async function checkMembers(pack: Pack, { members }: Manifest): Promise<void> {
	const there = [...pack.members.keys()];
	const wanted: string[] = [...members.map(({ name }) => name), ...LAST];
	for (const name of [...wanted, ...MEMBERS]) hold(pack.members.has(name), name, 'it is missing');
	const extra = there.find((name) => !wanted.includes(name)) ?? '';
	hold(extra === '', extra, 'the manifest does not name it');
	const moved = wanted.find((name, place) => there[place] !== name) ?? '';
	hold(moved === '', moved, 'it is not in its place: the members were put in another order');
	for (const { name, bytes, sha256: plainHash, packedSha256 } of members) {
		const { plain, packed } = await contentOf(pack, name);
		const isSame = plain.length === bytes && sha256(plain) === plainHash && sha256(packed) === packedSha256;
		hold(isSame, name, 'its content was changed');
	}
}

const GENESIS = '0'.repeat(64);
const PAYLOAD_HEAD = 16;
const FRAME_HEAD = 24;

/** The page's batch chain behind this block (recorder/format/SPEC.md B6 to B8). */
function chainOver(payload: Buffer, before: string, { id, firstSeq, lastSeq }: ProvenBlock): string {
	hold(payload.length >= PAYLOAD_HEAD, id, 'it is cut off');
	let at = PAYLOAD_HEAD + payload.readUInt32LE(0);
	let next = firstSeq;
	let hash = before;
	for (; at + FRAME_HEAD <= payload.length; next++) {
		const until = at + FRAME_HEAD + payload.readUInt32LE(at + 4);
		const isNext = payload.readUInt32LE(at) === next && until <= payload.length;
		hold(isNext, id, 'its batches are not in their order');
		const fields = Buffer.concat([payload.subarray(at, at + 4), payload.subarray(at + 8, at + FRAME_HEAD)]);
		const content = createHash('sha256')
			.update(payload.subarray(at + FRAME_HEAD, until))
			.digest();
		hash = sha256(Buffer.from(hash, 'hex'), fields, content);
		at = until;
	}
	hold(at === payload.length && next === lastSeq + 1, id, 'it does not hold the batches it should');
	return hash;
}

/** Events are noted as they come, blocks end where the page's clock stands: apart by no more than a clock that is set right. */
const CLOCKS_APART_MS = 5_000;

async function checkRecording(pack: Pack, { recordingHash: said }: Manifest) {
	const index = parsed<ProvenIndex>(await textOf(pack, INDEX), INDEX);
	const { pages, erasedPages } = index;
	const unused = new Set([...pack.members.keys()].filter((name) => name.endsWith('.block')));
	const missing = index.lostPages.map((address) => `${address}: all of it`);
	const ends: Parameters<typeof recordingHash>[0][number][] = [];
	let blocks = 0;
	for (const page of pages) {
		let hash = GENESIS;
		let next = 0;
		for (const block of page.blocks) {
			hold(unused.delete(block.id), block.id, 'it is missing, or named twice');
			hold(block.firstSeq >= next, block.id, 'the blocks are not in their order');
			if (block.firstSeq > next) missing.push(`${page.address}: batches ${next} to ${block.firstSeq - 1}`);
			hash = chainOver((await contentOf(pack, block.id)).plain, hash, block);
			hold(hash === block.batchHash, block.id, 'a block before it is missing or was changed');
			next = block.lastSeq + 1;
			blocks++;
		}
		const last = page.blocks.at(-1);
		// Attack: the last blocks are taken away before the pack is made; of those that are left each one fits.
		if (last && page.lastEventAt > last.toAt + CLOCKS_APART_MS)
			missing.push(`${page.address}: all behind batch ${last.lastSeq}`);
		if (!last) missing.push(`${page.address}: all of it`);
		if (last) ends.push({ pageId: page.pageId, lastSeq: last.lastSeq, batchHash: hash });
	}
	const [extra = ''] = unused;
	hold(extra === '', extra, 'no page of the recording names it');
	hold(recordingHash(ends) === said, MANIFEST, 'its hash of the recording is another one');
	return { pages: pages.length, blocks, erasedPages, missing };
}

/** Never throws for what is wrong with the file; only for a disk that does not read. */
export async function verifyPack({ read, size, trusted }: PackInput): Promise<FoundPack> {
	try {
		const pack = await openZip({ read, size });
		const { manifest, key, keyFingerprint } = await readManifest(pack, trusted);
		await checkMembers(pack, manifest);
		const rows = await readActions(pack, manifest);
		await checkChain(pack, manifest, rows, key);
		const wordless = countWordless(rows);
		const views = await checkViews(pack, rows);
		const counts = { members: pack.members.size, actions: rows.size, wordless, ...views };
		return { whole: true, manifest, keyFingerprint, ...counts, ...(await checkRecording(pack, manifest)) };
	} catch (error) {
		if (error instanceof Broken) return { whole: false, at: error.at, fault: error.message };
		if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
		// A value of another kind than the format has: whoever wrote it was not us.
		return { whole: false, at: 'the file', fault: 'it is damaged' };
	}
}

/** The same for a file. @throws Error of the system when it cannot be read */
export async function verifyFile(file: string, trusted: KeyObject | null): Promise<FoundPack> {
	const handle = await open(file);
	try {
		const { size } = await handle.stat();
		const read: ReadAt = async (at, length) => {
			// Attack: a list that claims gigabytes; there is never more than the file.
			const wanted = Buffer.alloc(at < 0 ? 0 : Math.max(0, Math.min(length, size - at)));
			const { bytesRead } = await handle.read(wanted, 0, wanted.length, Math.max(0, at));
			return wanted.subarray(0, bytesRead);
		};
		return await verifyPack({ read, size, trusted });
	} finally {
		await handle.close();
	}
}

const told = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What keeps it from being all there ever was, each as "; …". */
function lackOf({ wordless, areProven, erasedPages, missing }: Extract<FoundPack, { whole: true }>): string {
	const { keptBack, erased } = wordless;
	const unproven = areProven ? '' : '; views not provable';
	return [
		keptBack > 0 ? `; details of ${told(keptBack, 'row')} kept back` : '',
		erased > 0 ? `; details of ${told(erased, 'row')} erased with the client${unproven}` : '',
		erasedPages > 0 ? `; pictures of ${told(erasedPages, 'page')} erased` : '',
		missing.length > 0 ? `; lost before this pack was made: ${missing.join(', ')}` : ''
	].join('');
}

/** What was found, in one line. Names in it are the file's, which anybody may have written: none can steer a terminal. */
export function lineOf(found: FoundPack, isTrusted: boolean): string {
	const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
	if (!found.whole) return plain(`evidence broken at ${found.at}: ${found.fault}`);
	const { members, actions, views, blocks, keyFingerprint, manifest } = found;
	// Attack: anybody can make a whole pack of whatever they like, with a key of their own.
	const [what, key] = isTrusted
		? ['whole', 'signed by the key you trust']
		: [
				'whole in itself, not checked whose key',
				`signed by key ${keyFingerprint}, to be compared with the one the agency names`
			];
	const counts = `${members} members, ${actions} actions, ${views} views, ${blocks} blocks`;
	return plain(`evidence ${what}: ${manifest.client}, ${manifest.staff}: ${counts}${lackOf(found)}; ${key}`);
}

/** For a script that goes on only where all is well: 0 whole, 1 broken, 3 nobody said whose key it must be. */
export const exitCodeOf = (found: FoundPack, isTrusted: boolean): number =>
	!found.whole ? 1 : isTrusted ? 0 : 3;
