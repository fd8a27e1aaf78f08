// The head of a sealed block: what can be read without a key, and what the key's cipher authenticates. Stored format,
// version 1, described in SPEC.md §Block; old versions stay readable for ever [H4]. Pure: hashing, packing and ciphers
// are the server's.
import { ByteReader, ByteWriter } from './block-bytes.ts';

export const BLOCK_MAGIC = 'SWBKBLOK';
const VERSION = 1;
export const BLOCK_HEADER_BYTES = 208;
export const HASH_BYTES = 32;

/** AES-256-GCM: a nonce before the ciphertext, a tag behind it. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/**
 * What a block begins with, by its stored number. `empty`: there was no picture yet, so its own events suffice. `whole`:
 * a checkpoint. The others have none, and the picture is known again from the next full snapshot on: `unsure`: an event
 * named what the shadow document did not know; `too-large`: the page passed its limits; `hole`: batches before are lost;
 * `failed`: this page could not be worked on, its batches are kept as they came.
 */
export const CHECKPOINTS = ['empty', 'whole', 'unsure', 'too-large', 'hole', 'failed'] as const;
export type CheckpointKind = (typeof CHECKPOINTS)[number];

const AES_256_GCM = 1;

/** By stored number: zstd, or zstd after numbers were written as differences (number-deltas.ts). Zero was never used. */
const PACKINGS = [null, 'zstd', 'zstd of differences'] as const;
export type Packing = NonNullable<(typeof PACKINGS)[number]>;

export type BlockIds = { agencyId: string; impersonationId: string; pageId: string };

export type BlockHeader = BlockIds & {
	packing: Packing;
	checkpoint: CheckpointKind;
	/** Version of the masking rules the page was recorded under; 0 where it was not told. */
	policy: number;
	/** Size once decrypted and unpacked (differences not undone), and of the ciphertext alone. */
	plainBytes: number;
	cipherBytes: number;
	firstSeq: number;
	lastSeq: number;
	batches: number;
	events: number;
	/** Hub time of the first and the last event, ms since the epoch. */
	fromAt: number;
	toAt: number;
	/** SHA-256 of the dictionary it was packed with; zeros for none. */
	dictionaryHash: Uint8Array;
	/** The batch chain before the first and after the last batch (SPEC.md §Batch chain). */
	previousHash: Uint8Array;
	batchHash: Uint8Array;
};

export function encodeBlockHeader(header: BlockHeader): Uint8Array<ArrayBuffer> {
	const out = new ByteWriter(BLOCK_HEADER_BYTES);
	out.text(BLOCK_MAGIC);
	out.u16(VERSION);
	out.u16(BLOCK_HEADER_BYTES);
	out.u8(AES_256_GCM);
	out.u8(PACKINGS.indexOf(header.packing));
	out.u8(CHECKPOINTS.indexOf(header.checkpoint));
	out.u8(0);
	out.u32(header.policy);
	out.u32(header.plainBytes);
	out.u32(header.cipherBytes);
	out.u32(header.firstSeq);
	out.u32(header.lastSeq);
	out.u32(header.batches);
	out.u32(header.events);
	out.u32(0);
	out.f64(header.fromAt);
	out.f64(header.toAt);
	out.uuid(header.agencyId);
	out.uuid(header.impersonationId);
	out.uuid(header.pageId);
	out.bytes(header.dictionaryHash, HASH_BYTES);
	out.bytes(header.previousHash, HASH_BYTES);
	out.bytes(header.batchHash, HASH_BYTES);
	return out.done();
}

/** @throws Error that says what is wrong, for anything that is no block of a version known here */
export function decodeBlockHeader(object: Uint8Array): BlockHeader {
	const read = new ByteReader(object, 'The block');
	read.magic(BLOCK_MAGIC);
	read.version(VERSION, BLOCK_HEADER_BYTES);
	read.oneOf([AES_256_GCM], 'cipher');
	const packing = read.word(PACKINGS, 'packing');
	if (packing === null) throw new Error('The block has an unknown packing.');
	const header: BlockHeader = {
		packing,
		checkpoint: read.word(CHECKPOINTS, 'checkpoint'),
		policy: (read.zero(1), read.u32()),
		plainBytes: read.u32(),
		cipherBytes: read.u32(),
		firstSeq: read.u32(),
		lastSeq: read.u32(),
		batches: read.u32(),
		events: read.u32(),
		fromAt: (read.zero(4), read.time()),
		toAt: read.time(),
		agencyId: read.uuid(),
		impersonationId: read.uuid(),
		pageId: read.uuid(),
		dictionaryHash: read.bytes(HASH_BYTES),
		previousHash: read.bytes(HASH_BYTES),
		batchHash: read.bytes(HASH_BYTES)
	};
	const count = header.lastSeq - header.firstSeq + 1;
	if (count < 1 || header.batches !== count) throw new Error('The block counts its batches wrongly.');
	if (header.toAt < header.fromAt) throw new Error('The block ends before it begins.');
	if (object.byteLength !== BLOCK_HEADER_BYTES + NONCE_BYTES + header.cipherBytes + TAG_BYTES)
		throw new Error('The block is not as long as it says.');
	return header;
}
