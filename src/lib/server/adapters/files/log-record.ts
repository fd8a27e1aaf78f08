// Stored format of the live log, version 1; changes only by adding a kind [H4].
// record = u32 body length, u32 crc32 of (length ‖ body), body
// body   = u8 kind, u8 flags, u32 number, f64 receivedAt, f64 offsetMs, u32 plain bytes, u8+text impersonation, u8+text page, payload
import { crc32, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { promisify } from 'node:util';
import { MAX_BATCH_BYTES } from '#protocol/limits.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';

export type RecordHead = {
	kind: 'batch' | 'tombstone' | 'trim';
	impersonationId: string;
	pageId: string;
	seq: number;
};

/** First bytes of every segment file. */
export const SEGMENT_MAGIC = Buffer.from('SWBKLOG1');

export const PREFIX_BYTES = 8;
const FIXED_BYTES = 26;
const ID_LIMIT = 255;

/** Kinds and flags as bytes. Zero is none of them, so that a stretch of zeros is never a record. */
const BATCH = 1;
const TOMBSTONE = 2;
const TRIM = 3;
const KINDS: Readonly<Record<number, RecordHead['kind']>> = {
	[BATCH]: 'batch',
	[TOMBSTONE]: 'tombstone',
	[TRIM]: 'trim'
};
const COMPRESSED = 1;

/** Below this zstd's own frame eats the gain. */
const COMPRESS_ABOVE_BYTES = 512;

/** No honest record is longer: a batch at its limit, stored plain, with its head. */
export const MAX_BODY_BYTES = MAX_BATCH_BYTES + FIXED_BYTES + 2 * (ID_LIMIT + 1);

/** Up to this size packing takes about 0.1 ms, less than the way to a thread and back; above, the loop must not wait. */
const PACK_HERE_BYTES = 64 * 1024;

const compressElsewhere = promisify(zstdCompress);
const decompressElsewhere = promisify(zstdDecompress);

const compress = (bytes: Uint8Array): Buffer | Promise<Buffer> =>
	bytes.length <= PACK_HERE_BYTES ? zstdCompressSync(bytes) : compressElsewhere(bytes);

/** The attack: a crafted file whose small payload unpacks to gigabytes; no honest batch is over the wire's limit. */
function decompress(payload: Uint8Array, plainBytes: number): Buffer | Promise<Buffer> {
	const options = { maxOutputLength: Math.min(plainBytes, MAX_BATCH_BYTES) };
	return plainBytes <= PACK_HERE_BYTES
		? zstdDecompressSync(payload, options)
		: decompressElsewhere(payload, options);
}

/**
 * @param packAbove larger batches are packed, where that makes them smaller
 * @throws RangeError for a batch that no reader would take back
 */
export async function encodeBatch(
	batch: StoredBatch,
	packAbove: number = COMPRESS_ABOVE_BYTES
): Promise<Buffer> {
	if (!Number.isInteger(batch.seq) || batch.seq < 0 || batch.seq > 0xffffffff)
		throw new RangeError('the number of a batch is a whole number from 0');
	if (batch.bytes.length > MAX_BATCH_BYTES) throw new RangeError('the batch is over the limit of the wire');
	const packed = batch.bytes.length > packAbove ? await compress(batch.bytes) : null;
	const isSmaller = packed !== null && packed.length < batch.bytes.length;
	return encode({ ...batch, kind: BATCH }, isSmaller ? COMPRESSED : 0, isSmaller ? packed : batch.bytes);
}

const NOTHING = { receivedAt: 0, offsetMs: 0, bytes: new Uint8Array() };

/** A record that says: nothing before this of the page is alive. */
export const encodeTombstone = (pageId: string): Buffer =>
	encode({ ...NOTHING, impersonationId: '', pageId, seq: 0, kind: TOMBSTONE }, 0, NOTHING.bytes);

/** A record that says: batches of the page up to this number are sealed elsewhere. */
export const encodeTrim = (of: { pageId: string; impersonationId: string; seq: number }): Buffer =>
	encode({ ...NOTHING, ...of, kind: TRIM }, 0, NOTHING.bytes);

function encode(record: StoredBatch & { kind: number }, flags: number, payload: Uint8Array): Buffer {
	const ids = [record.impersonationId, record.pageId].map((id) => Buffer.from(id));
	if (ids.some((id) => id.length > ID_LIMIT)) throw new RangeError('an id is too long');
	const head = Buffer.alloc(PREFIX_BYTES + FIXED_BYTES);
	head.writeUInt8(record.kind, 8);
	head.writeUInt8(flags, 9);
	head.writeUInt32LE(record.seq, 10);
	head.writeDoubleLE(record.receivedAt, 14);
	head.writeDoubleLE(record.offsetMs, 22);
	head.writeUInt32LE(record.bytes.length, 30);
	const parts = ids.flatMap((id) => [Buffer.of(id.length), id]);
	const whole = Buffer.concat([head, ...parts, payload]);
	whole.writeUInt32LE(whole.length - PREFIX_BYTES, 0);
	whole.writeUInt32LE(checksum(whole), 4);
	return whole;
}

// The length is under the checksum too: a flipped length must not pass with a body that happens to match.
const checksum = (record: Buffer): number =>
	crc32(record.subarray(PREFIX_BYTES), crc32(record.subarray(0, 4)));

/** Length of the whole record that starts with this prefix, or null when no record of ours starts so. */
export function recordLength(prefix: Buffer): number | null {
	const body = prefix.readUInt32LE(0);
	return body >= FIXED_BYTES + 2 && body <= MAX_BODY_BYTES ? PREFIX_BYTES + body : null;
}

/** What the index needs of a whole record, or null when it is damaged. */
export function decodeHead(record: Buffer): (RecordHead & { payloadAt: number }) | null {
	if (record.readUInt32LE(4) !== checksum(record)) return null;
	const kind = KINDS[record.readUInt8(8)];
	if (!kind) return null;
	const first = readId(record, PREFIX_BYTES + FIXED_BYTES);
	const second = first && readId(record, first.next);
	if (!first || !second) return null;
	return {
		kind,
		impersonationId: first.id,
		pageId: second.id,
		seq: record.readUInt32LE(10),
		payloadAt: second.next
	};
}

function readId(record: Buffer, at: number): { id: string; next: number } | null {
	if (at >= record.length) return null;
	const next = at + 1 + record.readUInt8(at);
	return next <= record.length ? { id: record.toString('utf8', at + 1, next), next } : null;
}

/** The batch of a whole record, or null when it is damaged. */
export async function decodeBatch(record: Buffer): Promise<StoredBatch | null> {
	const head = decodeHead(record);
	if (!head || head.kind !== 'batch') return null;
	const payload = record.subarray(head.payloadAt);
	const isCompressed = record.readUInt8(9) === COMPRESSED;
	const plainBytes = record.readUInt32LE(30);
	const bytes = isCompressed ? await decompress(payload, plainBytes) : payload;
	if (bytes.length !== plainBytes) return null;
	return {
		impersonationId: head.impersonationId,
		pageId: head.pageId,
		seq: head.seq,
		receivedAt: record.readDoubleLE(14),
		offsetMs: record.readDoubleLE(22),
		bytes
	};
}
