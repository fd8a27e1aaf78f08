// A picture or font as it lies in the store: encrypted under a key of its own, which stands beside its row, wrapped by the
// agency's key. Deleting the row erases it. It is not packed: all of these formats are packed already.
import {
	ASSET_HEADER_BYTES,
	decodeAssetHeader,
	encodeAssetHeader,
	type AssetHeader
} from '#recorder/format/asset-header.ts';
import { sha256 } from './batch-chain.ts';
import { decrypt, encrypt } from './sealed-object.ts';

export const sealAsset = (facts: Omit<AssetHeader, 'bytes'>, file: Uint8Array, key: Uint8Array): Buffer =>
	encrypt(encodeAssetHeader({ ...facts, bytes: file.byteLength }), file, key);

/** @throws Error that says what is wrong; never another file than was sealed */
export function openAsset(object: Uint8Array, key: Uint8Array): { header: AssetHeader; file: Buffer } {
	const header = decodeAssetHeader(object);
	const file = decrypt(object, ASSET_HEADER_BYTES, key);
	if (!sha256(file).equals(header.hash)) throw new Error('The asset is another one than it says.');
	return { header, file };
}
