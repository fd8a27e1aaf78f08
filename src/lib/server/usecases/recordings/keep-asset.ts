// A picture or font that a recorded page shows comes into its client's store: once for each content, encrypted under a key of its
// own. What it is, its bytes say.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isAssetName, MAX_ASSET_BYTES } from '#recorder/format/assets.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { sealAsset } from '#server/recordings/asset-object.ts';
import { assetTypeOf } from '#server/recordings/asset-type.ts';
import { sha256 } from '#server/recordings/batch-chain.ts';
import type { BlockStore } from '#server/recordings/block-store.ts';
import {
	findAssets,
	holdPage,
	isNamed,
	nameAssets,
	type RecordedPage
} from '#server/recordings/page-assets.ts';
import { agencyKey, newKey, wrapKey } from '#server/recordings/recording-keys.ts';

type Deps = { db: Db; store: BlockStore; ids: Ids; master: Uint8Array };

export type GivenAsset = { name: string; sha256: string; bytes: Uint8Array };

function requireAsset({ name, sha256: said, bytes }: GivenAsset) {
	if (!isAssetName(name) || name.includes('#'))
		throw new AppError('invalid', 'This is no address of a picture on this page.');
	if (bytes.byteLength > MAX_ASSET_BYTES)
		throw new AppError('too_large', 'This picture is larger than what is kept of a recording.');
	const hash = sha256(bytes);
	// Attack: a file under the hash of another one would show instead of it wherever that one stood.
	if (hash.toString('hex') !== said)
		throw new AppError('invalid', 'These bytes are not those that were told of.');
	const type = assetTypeOf(bytes);
	if (!type) throw new AppError('invalid', 'Only pictures and fonts are kept, and none that run.');
	return { hash, type };
}

type New = { id: string; page: RecordedPage; hash: Buffer; bytes: number; wrapped: Buffer; blobKey: string };

/** @returns whether it is new: of two pages that bring the same file at once one does */
async function insertAsset(tx: Tx, { id, page, hash, bytes, wrapped, blobKey }: New): Promise<boolean> {
	const inserted = await tx.execute(sql`
		INSERT INTO asset (id, agency_id, client_id, sha256, bytes, wrapped, blob_key)
		VALUES (${id}, ${page.agencyId}, ${page.clientId}, ${hash}, ${bytes}, ${wrapped}, ${blobKey})
		ON CONFLICT (client_id, sha256) DO NOTHING RETURNING id`);
	return inserted.length > 0;
}

/**
 * Twice is once.
 * @throws AppError `invalid` for what is no picture, no font, or not what it was said to be; `too_large`; `not_allowed`; `too_many`;
 * `invalid` also where the address shows another file already; `try_later`
 */
export const keepAsset =
	({ db, store, ids, master }: Deps) =>
	async (actor: ImpersonationActor, given: GivenAsset): Promise<void> => {
		const { hash, type } = requireAsset(given);
		const { agencyId, clientId } = actor;
		// Before anything is stored: whoever may not keep a file must not fill the store either.
		const known = await db.transaction(async (tx) => {
			const page = await holdPage(tx, actor);
			return (await findAssets(tx, page.clientId, [given.sha256])).has(given.sha256);
		});
		const id = ids.uuid();
		const blobKey = `assets/${clientId}/${id}`;
		const key = newKey();
		if (!known) await store.put(blobKey, sealAsset({ type, agencyId, clientId, hash }, given.bytes, key));
		const wrapped = wrapKey(agencyKey(master, agencyId, 'recording'), key, id);
		const isNew = await db.transaction(async (tx) => {
			const page = await holdPage(tx, actor);
			const fresh = { id, page, hash, bytes: given.bytes.byteLength, wrapped, blobKey };
			const isInserted = !known && (await insertAsset(tx, fresh));
			if (isInserted && !(await store.name(tx, blobKey)))
				throw new AppError('try_later', 'This took too long, so it was not kept.');
			const found = await findAssets(tx, page.clientId, [given.sha256]);
			const assetId = found.get(given.sha256);
			if (!assetId) throw new AppError('try_later', 'It was removed at this very moment.');
			await nameAssets(tx, page, [{ name: given.name, assetId, why: null }]);
			// Attack: file after file under one address, none of which any page names: past every limit, and past erasing,
			// which takes what pages name. Rolled back, its object is swept.
			if (isInserted && !(await isNamed(tx, page, { name: given.name, assetId })))
				throw new AppError('invalid', 'Another picture is kept for this address.');
			return isInserted;
		});
		if (!known && !isNew) await store.discard(blobKey);
	};
