// Verifies an exported recording from the file alone: signature, every object's hash, the batch chain; with the key also
// the content. Says which block is the first bad one.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { decodeBlockHeader } from '#recorder/format/block-header.ts';
import { decodePayload } from '#recorder/format/block-payload.ts';
import { CHAIN_START, chainOver, sha256 } from '#server/recordings/batch-chain.ts';
import { openBlock, openDictionary, type Dictionary } from '#server/recordings/sealed-object.ts';
import {
	END_MAGIC,
	FILE_MAGIC,
	MAX_INDEX_BYTES,
	recordingFoot,
	recordingIndex,
	signedBytes,
	type RecordingFoot,
	type RecordingIndex
} from './recording-index.ts';

/** Bytes of the file at a place; fewer where it ends. */
export type ReadAt = (at: number, length: number) => Promise<Buffer>;

export type VerifyInput = {
	read: ReadAt;
	size: number;
	/** The installation's own key where it is at hand: the key in a forged file proves nothing. */
	trusted: KeyObject | null;
};

export type Verified =
	| { whole: true; index: RecordingIndex; blocks: number; isOpened: boolean; missing: string[] }
	/** `block` counts from 1 in the order of the file; null: it is not in a block. */
	| { whole: false; block: number | null; fault: string };

class Bad extends Error {}

type Page = RecordingIndex['pages'][number];
type Block = Page['blocks'][number];

async function readFoot({ read, size }: VerifyInput): Promise<{ foot: RecordingFoot; footAt: number }> {
	const tail = END_MAGIC.length + 4;
	const isOurs = (await read(0, FILE_MAGIC.length)).equals(FILE_MAGIC);
	const end = await read(Math.max(0, size - tail), tail);
	if (!isOurs || end.length !== tail || !end.subarray(4).equals(END_MAGIC))
		throw new Bad('it is no exported recording, or it is cut off');
	const length = end.readUInt32LE();
	const footAt = size - tail - length;
	if (length > MAX_INDEX_BYTES || footAt < FILE_MAGIC.length) throw new Bad('its index is damaged');
	try {
		return { foot: recordingFoot.parse(JSON.parse((await read(footAt, length)).toString('utf8'))), footAt };
	} catch {
		// Which field it was helps nobody: it was changed behind our back.
		throw new Bad('its index is damaged');
	}
}

function readIndex(foot: RecordingFoot, trusted: KeyObject | null): RecordingIndex {
	let index: RecordingIndex;
	let key: KeyObject;
	try {
		index = recordingIndex.parse(JSON.parse(foot.index));
		key = trusted ?? createPublicKey(foot.publicKey);
	} catch {
		throw new Bad('its index is damaged');
	}
	if (!verify(null, signedBytes(index, foot.index), key, Buffer.from(foot.signature, 'base64')))
		throw new Bad('its signature does not fit: the index was changed, or another installation made it');
	return index;
}

/** Objects lie one after the other from the magic to the index: nothing is hidden in between. */
function requireNoGap(index: RecordingIndex, footAt: number): void {
	const places = index.pages.flatMap(({ dictionary, blocks }) => [
		...(dictionary ? [dictionary] : []),
		...blocks
	]);
	let next = FILE_MAGIC.length;
	for (const { at, bytes } of places) {
		if (at !== next) throw new Bad('its objects do not lie where the index says');
		next += bytes;
	}
	if (next !== footAt) throw new Bad('there is something between its objects and its index');
}

async function readObject(
	read: ReadAt,
	place: { at: number; bytes: number; sha256: string }
): Promise<Buffer> {
	const object = await read(place.at, place.bytes);
	if (sha256(object).toString('hex') !== place.sha256) throw new Bad('it was changed');
	return object;
}

function requireFits(
	object: Buffer,
	index: RecordingIndex,
	page: Page,
	block: Block,
	previous: Uint8Array
): void {
	const header = decodeBlockHeader(object);
	const isSame =
		header.agencyId === index.agencyId &&
		header.impersonationId === index.impersonationId &&
		header.pageId === page.id &&
		header.firstSeq === block.firstSeq &&
		header.lastSeq === block.lastSeq &&
		header.checkpoint === block.checkpoint &&
		Buffer.from(header.batchHash).toString('hex') === block.batchHash;
	if (!isSame) throw new Bad('it is another block than the index names');
	if (!Buffer.from(header.previousHash).equals(previous))
		throw new Bad('a block before it is missing or another one');
}

async function requireContent(object: Buffer, key: Buffer, dictionary: Dictionary | null): Promise<void> {
	const { header, payload } = await openBlock(object, { key, dictionary });
	const { batches } = decodePayload(payload);
	const isInOrder = batches.every(({ seq }, at) => seq === header.firstSeq + at);
	if (!isInOrder || !Buffer.from(header.batchHash).equals(chainOver(header.previousHash, batches)))
		throw new Bad('its batches are not those that were hashed');
}

/** Counts blocks over all pages; a fault names the one it was found in. */
class Walk {
	private readonly input: VerifyInput;
	private readonly index: RecordingIndex;
	private readonly key: Buffer | null;
	blocks = 0;
	readonly missing: string[] = [];

	constructor(input: VerifyInput, index: RecordingIndex, key: Buffer | null) {
		this.input = input;
		this.index = index;
		this.key = key;
	}

	async page(page: Page): Promise<void> {
		const { read } = this.input;
		// A damaged dictionary makes the page's first block the first one that is bad.
		this.blocks += 1;
		const packed = page.dictionary && (await readObject(read, page.dictionary));
		const dictionary = packed && this.key ? await openDictionary(packed, this.key) : null;
		this.blocks -= 1;
		let previous: Uint8Array = CHAIN_START;
		let next = 0;
		for (const block of page.blocks) {
			this.blocks += 1;
			const object = await readObject(read, block);
			requireFits(object, this.index, page, block, previous);
			if (this.key) await requireContent(object, this.key, dictionary);
			if (block.firstSeq > next)
				this.missing.push(`${page.address}: batches ${next} to ${block.firstSeq - 1}`);
			previous = Buffer.from(block.batchHash, 'hex');
			next = block.lastSeq + 1;
		}
	}
}

/** Never throws for what is wrong with the file; only for a disk that does not read. */
export async function verifyRecording(input: VerifyInput): Promise<Verified> {
	let walk: Walk | null = null;
	try {
		const { foot, footAt } = await readFoot(input);
		const index = readIndex(foot, input.trusted);
		requireNoGap(index, footAt);
		const key = foot.key === undefined ? null : Buffer.from(foot.key, 'base64');
		walk = new Walk(input, index, key);
		for (const page of index.pages) await walk.page(page);
		return { whole: true, index, blocks: walk.blocks, isOpened: key !== null, missing: walk.missing };
	} catch (error) {
		// A disk's error has a code of its own; everything else is a sentence about the file.
		if ((error as NodeJS.ErrnoException).code?.startsWith('E')) throw error;
		return { whole: false, block: walk ? walk.blocks : null, fault: (error as Error).message };
	}
}
