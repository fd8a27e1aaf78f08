// Packing, encrypting and opening of stored objects: blocks and dictionaries. An object is its header as it stands, a
// random nonce, the ciphertext and the tag; the header is authenticated with it, so not one field can be exchanged.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib';
import { promisify } from 'node:util';
import {
	BLOCK_HEADER_BYTES,
	decodeBlockHeader,
	encodeBlockHeader,
	NONCE_BYTES,
	TAG_BYTES,
	type BlockHeader,
	type BlockIds,
	type Packing
} from '#recorder/format/block-header.ts';
import {
	decodeDictionaryHeader,
	DICTIONARY_HEADER_BYTES,
	encodeDictionaryHeader
} from '#recorder/format/block-dictionary.ts';
import { fromDeltas, toDeltas } from '#recorder/format/number-deltas.ts';
import { sha256 } from './batch-chain.ts';

export type Dictionary = { bytes: Uint8Array; hash: Uint8Array };

export const NO_DICTIONARY: Uint8Array = new Uint8Array(32);

/** Recent blocks are packed often and unpacked at once; compacted ones are kept for months and packed once. */
export type Effort = 'recent' | 'kept';
const LEVELS: Record<Effort, number> = { recent: 9, kept: 12 };

const unzstd = promisify(zstdDecompress);

function pack(plain: Uint8Array, effort: Effort, dictionary: Dictionary | null): Buffer {
	const params = { [constants.ZSTD_c_compressionLevel]: LEVELS[effort] };
	return zstdCompressSync(plain, { params, ...(dictionary && { dictionary: dictionary.bytes }) });
}

/** The object: its header as it stands, a random nonce, the ciphertext and the tag. */
export function encrypt(header: Uint8Array, packed: Uint8Array, key: Uint8Array): Buffer {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
	return Buffer.concat([header, nonce, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was changed, or the key is another one */
export function decrypt(object: Uint8Array, headerBytes: number, key: Uint8Array): Buffer {
	const from = headerBytes + NONCE_BYTES;
	const decipher = createDecipheriv('aes-256-gcm', key, object.subarray(headerBytes, from));
	decipher.setAAD(object.subarray(0, headerBytes)).setAuthTag(object.subarray(-TAG_BYTES));
	try {
		return Buffer.concat([decipher.update(object.subarray(from, -TAG_BYTES)), decipher.final()]);
	} catch (error) {
		throw new Error('It does not open: it was changed, or the key is another one.', { cause: error });
	}
}

/** Never more than was said before it was packed: what only we can make still must not unpack to gigabytes. */
async function unpack(
	packed: Uint8Array,
	plainBytes: number,
	dictionary: Uint8Array | null
): Promise<Buffer> {
	const options = { maxOutputLength: Math.max(1, plainBytes), ...(dictionary && { dictionary }) };
	const plain = await unzstd(packed, options).catch((error: unknown) => {
		throw new Error('It cannot be unpacked.', { cause: error });
	});
	if (plain.length !== plainBytes) throw new Error('It unpacks to another length than it says.');
	return plain;
}

/** What the header of a block says beside its sizes and its dictionary. */
export type BlockFacts = Omit<BlockHeader, 'packing' | 'plainBytes' | 'cipherBytes' | 'dictionaryHash'>;

/** As differences wherever that can be undone; of what a recorder sends it always can. */
function withDeltas(payload: Uint8Array): { packing: Packing; plain: Uint8Array } {
	const deltas = toDeltas(payload);
	const isSame = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).equals(
		fromDeltas(deltas)
	);
	return isSame ? { packing: 'zstd of differences', plain: deltas } : { packing: 'zstd', plain: payload };
}

/** Makes a block. Synchronous: it runs in a process of its own. */
export function sealBlock(
	facts: BlockFacts,
	payload: Uint8Array,
	how: { key: Uint8Array; dictionary: Dictionary | null; effort: Effort }
): Buffer {
	const { packing, plain } = withDeltas(payload);
	const packed = pack(plain, how.effort, how.dictionary);
	const header = encodeBlockHeader({
		...facts,
		packing,
		plainBytes: plain.byteLength,
		cipherBytes: packed.byteLength,
		dictionaryHash: how.dictionary?.hash ?? NO_DICTIONARY
	});
	return encrypt(header, packed, how.key);
}

/**
 * The payload of a block.
 * @throws Error that says what is wrong; never another content than was sealed
 */
export async function openBlock(
	object: Uint8Array,
	{ key, dictionary }: { key: Uint8Array; dictionary: Dictionary | null }
): Promise<{ header: BlockHeader; payload: Uint8Array }> {
	const header = decodeBlockHeader(object);
	const wanted = Buffer.from(header.dictionaryHash);
	const needsOne = !wanted.equals(NO_DICTIONARY);
	if (needsOne && !(dictionary && wanted.equals(dictionary.hash)))
		throw new Error('The dictionary it was packed with is not there.');
	const packed = decrypt(object, BLOCK_HEADER_BYTES, key);
	const plain = await unpack(packed, header.plainBytes, needsOne ? (dictionary?.bytes ?? null) : null);
	return { header, payload: header.packing === 'zstd' ? plain : fromDeltas(plain) };
}

/** Makes the object of a dictionary. */
export function sealDictionary(ids: BlockIds, dictionary: Dictionary, key: Uint8Array): Buffer {
	const packed = pack(dictionary.bytes, 'kept', null);
	const header = encodeDictionaryHeader({
		...ids,
		plainBytes: dictionary.bytes.byteLength,
		cipherBytes: packed.byteLength,
		hash: dictionary.hash
	});
	return encrypt(header, packed, key);
}

/** @throws Error that says what is wrong */
export async function openDictionary(object: Uint8Array, key: Uint8Array): Promise<Dictionary> {
	const header = decodeDictionaryHeader(object);
	const packed = decrypt(object, DICTIONARY_HEADER_BYTES, key);
	const bytes = await unpack(packed, header.plainBytes, null);
	if (!sha256(bytes).equals(header.hash)) throw new Error('The dictionary is another one than it says.');
	return { bytes, hash: Buffer.from(header.hash) };
}
