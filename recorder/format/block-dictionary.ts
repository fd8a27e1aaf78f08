// The head of a page's dictionary: its first full snapshot as JSON, numbers as differences, kept once, with which all of its blocks are packed.
// Stored format, version 1, described in SPEC.md §Dictionary [H4].
import { ByteReader, ByteWriter } from './block-bytes.ts';
import { HASH_BYTES, NONCE_BYTES, TAG_BYTES, type BlockIds } from './block-header.ts';

export const DICTIONARY_MAGIC = 'SWBKDICT';
const VERSION = 1;
export const DICTIONARY_HEADER_BYTES = 104;
const AES_256_GCM = 1;
const ZSTD = 1;

/** Longer ones cost more time with each block than they save; a raw dictionary may end anywhere. */
export const MAX_DICTIONARY_BYTES = 4 * 1024 * 1024;

export type DictionaryHeader = BlockIds & {
	plainBytes: number;
	cipherBytes: number;
	/** SHA-256 of the dictionary's plain bytes, as the blocks name it. */
	hash: Uint8Array;
};

export function encodeDictionaryHeader(header: DictionaryHeader): Uint8Array<ArrayBuffer> {
	const out = new ByteWriter(DICTIONARY_HEADER_BYTES);
	out.text(DICTIONARY_MAGIC);
	out.u16(VERSION);
	out.u16(DICTIONARY_HEADER_BYTES);
	out.u8(AES_256_GCM);
	out.u8(ZSTD);
	out.u16(0);
	out.u32(header.plainBytes);
	out.u32(header.cipherBytes);
	out.uuid(header.agencyId);
	out.uuid(header.impersonationId);
	out.uuid(header.pageId);
	out.bytes(header.hash, HASH_BYTES);
	return out.done();
}

/** @throws Error that says what is wrong, for anything that is no dictionary of a version known here */
export function decodeDictionaryHeader(object: Uint8Array): DictionaryHeader {
	const read = new ByteReader(object, 'The dictionary');
	read.magic(DICTIONARY_MAGIC);
	read.version(VERSION, DICTIONARY_HEADER_BYTES);
	read.oneOf([AES_256_GCM], 'cipher');
	read.oneOf([ZSTD], 'packing');
	read.zero(2);
	const header: DictionaryHeader = {
		plainBytes: read.u32(),
		cipherBytes: read.u32(),
		agencyId: read.uuid(),
		impersonationId: read.uuid(),
		pageId: read.uuid(),
		hash: read.bytes(HASH_BYTES)
	};
	if (header.plainBytes > MAX_DICTIONARY_BYTES) throw new Error('The dictionary is larger than any of ours.');
	if (object.byteLength !== DICTIONARY_HEADER_BYTES + NONCE_BYTES + header.cipherBytes + TAG_BYTES)
		throw new Error('The dictionary is not as long as it says.');
	return header;
}
