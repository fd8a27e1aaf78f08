// The hash chain over a page's batches, independent of how they are cut into blocks: compaction changes no hash.
// Stored for ever through its hashes [H4]; recorder/format/SPEC.md §Batch chain.
import { createHash } from 'node:crypto';
import type { FramedBatch } from '#recorder/format/block-frames.ts';

/** Where each page's chain begins. */
export const CHAIN_START: Uint8Array = new Uint8Array(32);

/** SHA-256(previous ‖ number u32 ‖ time of receipt f64 ‖ offset f64 ‖ SHA-256(bytes)), numbers little endian. */
export function nextHash(previous: Uint8Array, { seq, receivedAt, offsetMs, bytes }: FramedBatch): Buffer {
	const fields = Buffer.alloc(20);
	fields.writeUInt32LE(seq, 0);
	fields.writeDoubleLE(receivedAt, 4);
	fields.writeDoubleLE(offsetMs, 12);
	const content = createHash('sha256').update(bytes).digest();
	return createHash('sha256').update(previous).update(fields).update(content).digest();
}

/** The chain after all of these. */
export const chainOver = (previous: Uint8Array, batches: readonly FramedBatch[]): Uint8Array =>
	batches.reduce<Uint8Array>((hash, batch) => nextHash(hash, batch), previous);

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
