// The head of a stored picture or font: what can be read without its key, and what the key's cipher authenticates. Stored
// format, version 1, described in SPEC.md §Assets; old versions stay readable for ever [H4].
import { MAX_ASSET_BYTES } from './assets.ts';
import { ByteReader, ByteWriter } from './block-bytes.ts';
import { HASH_BYTES, NONCE_BYTES, TAG_BYTES } from './block-header.ts';

const ASSET_MAGIC = 'SWBKASET';
const VERSION = 1;
export const ASSET_HEADER_BYTES = 84;
const AES_256_GCM = 1;

/** By stored number, which never changes; zero was never used. All of them are shown or loaded, none of them runs. */
export const ASSET_TYPES = [
	null,
	'image/png',
	'image/jpeg',
	'image/gif',
	'image/webp',
	'image/avif',
	'image/svg+xml',
	'font/woff2',
	'font/woff',
	'font/ttf',
	'font/otf'
] as const;
export type AssetType = NonNullable<(typeof ASSET_TYPES)[number]>;

export type AssetHeader = {
	type: AssetType;
	/** Size of the file, and of the ciphertext: it is kept as it came. */
	bytes: number;
	agencyId: string;
	clientId: string;
	/** SHA-256 of the file. */
	hash: Uint8Array;
};

export function encodeAssetHeader(header: AssetHeader): Uint8Array<ArrayBuffer> {
	const out = new ByteWriter(ASSET_HEADER_BYTES);
	out.text(ASSET_MAGIC);
	out.u16(VERSION);
	out.u16(ASSET_HEADER_BYTES);
	out.u8(AES_256_GCM);
	out.u8(ASSET_TYPES.indexOf(header.type));
	out.u16(0);
	out.u32(header.bytes);
	out.uuid(header.agencyId);
	out.uuid(header.clientId);
	out.bytes(header.hash, HASH_BYTES);
	return out.done();
}

/** @throws Error that says what is wrong, for anything that is no asset of a version known here */
export function decodeAssetHeader(object: Uint8Array): AssetHeader {
	const read = new ByteReader(object, 'The asset');
	read.magic(ASSET_MAGIC);
	read.version(VERSION, ASSET_HEADER_BYTES);
	read.oneOf([AES_256_GCM], 'cipher');
	const type = read.word(ASSET_TYPES, 'type');
	if (type === null) throw new Error('The asset is of a type that this program does not know.');
	read.zero(2);
	const bytes = read.u32();
	const header = {
		type,
		bytes,
		agencyId: read.uuid(),
		clientId: read.uuid(),
		hash: read.bytes(HASH_BYTES)
	};
	if (bytes > MAX_ASSET_BYTES) throw new Error('The asset is larger than any of ours.');
	if (object.byteLength !== ASSET_HEADER_BYTES + NONCE_BYTES + bytes + TAG_BYTES)
		throw new Error('The asset is not as long as it says.');
	return header;
}
