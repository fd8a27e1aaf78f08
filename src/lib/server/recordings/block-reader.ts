// Opens stored blocks for readers. Dictionaries are kept a while: each seek in a page needs the same one.
import { AppError, isAppError } from '#domain/errors.ts';
import type { BlockIds } from '#recorder/format/block-header.ts';
import { framesOf } from '#recorder/format/block-payload.ts';
import { readFrames, type FramedBatch } from '#recorder/format/block-frames.ts';
import type { Db } from '#server/db/types.ts';
import { readDictionaryKey, type BlockRow } from './block-rows.ts';
import type { BlockStore } from './block-store.ts';
import { openBlock, openDictionary, type Dictionary } from './sealed-object.ts';
import type { StoredKeys } from './stored-keys.ts';

/** A few replays at once; each dictionary is at most a few megabytes. */
const KEPT_DICTIONARIES = 16;

export class BlockReader {
	private readonly db: Db;
	private readonly store: BlockStore;
	private readonly keys: StoredKeys;
	/** By where they lie: an object never changes under its key. */
	private readonly dictionaries = new Map<string, Dictionary>();

	constructor({ db, store, keys }: { db: Db; store: BlockStore; keys: StoredKeys }) {
		this.db = db;
		this.store = store;
		this.keys = keys;
	}

	/**
	 * What is in a block.
	 * @throws AppError `not_found` when it was erased, is gone or is damaged; the message says which
	 */
	async payload(ids: BlockIds, block: BlockRow): Promise<Uint8Array> {
		const key = await this.keys.require(ids);
		try {
			const [object, dictionary] = await Promise.all([
				this.store.get(block.blobKey),
				this.dictionaryOf(ids, key)
			]);
			const opened = await openBlock(object, { key, dictionary });
			requireSame(opened.header, ids, block);
			return opened.payload;
		} catch (error) {
			if (isAppError(error)) throw error;
			const why = error instanceof Error ? error.message : '';
			throw new AppError('not_found', `A part of this recording is damaged and cannot be shown. ${why}`);
		}
	}

	/** The same as batches. */
	async batches(ids: BlockIds, block: BlockRow): Promise<FramedBatch[]> {
		return readFrames(framesOf(await this.payload(ids, block))).batches;
	}

	/** Lets go of what is held of an erased page. */
	forget(pageId: string): void {
		for (const blobKey of this.dictionaries.keys())
			if (blobKey.includes(`/${pageId}/`)) this.dictionaries.delete(blobKey);
	}

	private async dictionaryOf({ agencyId, pageId }: BlockIds, key: Uint8Array): Promise<Dictionary | null> {
		const blobKey = await readDictionaryKey(this.db, agencyId, pageId);
		if (blobKey === null) return null;
		const dictionary =
			this.dictionaries.get(blobKey) ?? (await openDictionary(await this.store.get(blobKey), key));
		this.dictionaries.delete(blobKey);
		this.dictionaries.set(blobKey, dictionary);
		const [oldest] = this.dictionaries.keys();
		if (this.dictionaries.size > KEPT_DICTIONARIES && oldest !== undefined) this.dictionaries.delete(oldest);
		return dictionary;
	}
}

/** Attack: an object put under another's key, both sealed by us, would show one page as another. */
function requireSame(header: BlockIds & { firstSeq: number }, ids: BlockIds, block: BlockRow): void {
	const isSame =
		header.agencyId === ids.agencyId &&
		header.impersonationId === ids.impersonationId &&
		header.pageId === ids.pageId &&
		header.firstSeq === block.firstSeq;
	if (!isSame) throw new Error('It is another block than its row names.');
}
