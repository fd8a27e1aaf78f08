// Immutable byte objects: uploads now, blocks and assets later. Not in it: names, rights, media types.
import type { Readable } from 'node:stream';

/** `at`: when it was stored, ms since the epoch. */
export type StoredBlob = { key: string; bytes: number; at: number };

export interface Blobs {
	/**
	 * Stores a stream under a key that was never used before; nothing is visible under the key until all of it is kept.
	 * @returns size in bytes and SHA-256 as lower-case hex
	 * @throws AppError `too_large` past `maxBytes`, `try_later` when the store refuses
	 */
	put(key: string, source: Readable, maxBytes: number): Promise<{ bytes: number; sha256: string }>;
	/** Opens the object, or null. `start` and `end` are byte offsets, both inclusive. */
	open(key: string, range?: { start: number; end: number }): Promise<Readable | null>;
	/** Removes the object; absent is fine. */
	remove(key: string): Promise<void>;
	/** Every object whose key begins with the prefix, in no order. An empty prefix lists all. */
	list(prefix: string): AsyncIterable<StoredBlob>;
}
