// Writes a pack as a plain zip into an open file: members one after the other as they stream, each head filled in once the member
// is whole, the list of members at the end. Zip, since every system opens it by a double click; no library, since these few lines
// are all of it that a pack needs, and since the verifier holds each byte of it.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { AppError } from '#domain/errors.ts';
import { isName, MAX_MEMBER_BYTES, MAX_MEMBERS, MAX_PACK_BYTES, type ManifestMember } from './pack-format.ts';

const HEAD_BYTES = 30;
const ENTRY_BYTES = 46;
/** Where a head tells checksum and sizes. */
const FACTS_AT = 14;

type Written = { name: string; headAt: number; head: Buffer };
type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const TOO_LARGE = () =>
	new AppError(
		'too_large',
		'This recording is too large for an evidence pack. Take it out with export-recording instead.'
	);

/** Two numbers of the format's own calendar, UTC. */
function stampOf(at: Date): [time: number, day: number] {
	const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
	const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
	return [time, day];
}

/** A member's content on its way: counted and hashed as it goes by. */
class Meter {
	readonly hash = createHash('sha256');
	crc = 0;
	bytes = 0;

	async *of(source: Bytes): AsyncGenerator<Uint8Array> {
		for await (const part of source) {
			this.hash.update(part);
			this.crc = crc32(part, this.crc);
			this.bytes += part.byteLength;
			if (this.bytes > MAX_MEMBER_BYTES) throw TOO_LARGE();
			yield part;
		}
	}
}

export class ZipWriter {
	/** How many bytes there are by now. */
	at = 0;
	private readonly file: FileHandle;
	private readonly stamp: [number, number];
	private readonly written: Written[] = [];

	constructor(file: FileHandle, madeAt: Date) {
		this.file = file;
		this.stamp = stampOf(madeAt);
	}

	/**
	 * Packs a member as it comes.
	 * @throws AppError `too_large` where it, or the whole, passes what a reader of ours takes
	 */
	async add(name: string, source: Bytes): Promise<ManifestMember & { at: number; packed: number }> {
		if (!isName(name)) throw new Error(`${name} is no name of a member`);
		const [headAt, head] = [this.at, this.headOf(name)];
		await this.write(head);
		const begin = this.at;
		const meter = new Meter();
		const packedHash = createHash('sha256');
		await pipeline(
			Readable.from(meter.of(source), { objectMode: false }),
			createDeflateRaw(),
			async (packed) => {
				for await (const part of packed as AsyncIterable<Buffer>) {
					packedHash.update(part);
					await this.write(part);
				}
			}
		);
		const packed = this.at - begin;
		if (packed > MAX_MEMBER_BYTES || this.written.length >= MAX_MEMBERS) throw TOO_LARGE();
		head.writeUInt32LE(meter.crc, FACTS_AT);
		head.writeUInt32LE(packed, FACTS_AT + 4);
		head.writeUInt32LE(meter.bytes, FACTS_AT + 8);
		await this.file.write(head, 0, HEAD_BYTES, headAt);
		this.written.push({ name, headAt, head });
		const hashes = { sha256: meter.hash.digest('hex'), packedSha256: packedHash.digest('hex') };
		return { name, bytes: meter.bytes, ...hashes, at: begin, packed };
	}

	/** A member as it is, unpacked: what is signed must have one form only. */
	async store(name: string, content: string): Promise<void> {
		const bytes = Buffer.from(content);
		const [headAt, head] = [this.at, this.headOf(name)];
		head.writeUInt16LE(0, 8);
		head.writeUInt32LE(crc32(bytes), FACTS_AT);
		head.writeUInt32LE(bytes.length, FACTS_AT + 4);
		head.writeUInt32LE(bytes.length, FACTS_AT + 8);
		await this.write(Buffer.concat([head, bytes]));
		this.written.push({ name, headAt, head });
	}

	/** Writes the list of members; there is nothing behind it. */
	async finish(): Promise<void> {
		const listAt = this.at;
		for (const { name, headAt, head } of this.written) {
			const entry = Buffer.alloc(ENTRY_BYTES);
			entry.writeUInt32LE(0x02014b50, 0);
			// Made on a system with the rights of Unix: a plain file that everybody may read.
			entry.writeUInt16LE(0x0314, 4);
			head.copy(entry, 6, 4, HEAD_BYTES - 2);
			entry.writeUInt32LE(0x81a40000, 38);
			entry.writeUInt32LE(headAt, 42);
			await this.write(Buffer.concat([entry, Buffer.from(name)]));
		}
		const end = Buffer.alloc(22);
		end.writeUInt32LE(0x06054b50, 0);
		end.writeUInt16LE(this.written.length, 8);
		end.writeUInt16LE(this.written.length, 10);
		end.writeUInt32LE(this.at - listAt, 12);
		end.writeUInt32LE(listAt, 16);
		await this.write(end);
	}

	private headOf(name: string): Buffer {
		const head = Buffer.alloc(HEAD_BYTES + name.length);
		head.writeUInt32LE(0x04034b50, 0);
		head.writeUInt16LE(20, 4);
		// Names are UTF-8; packed by deflate.
		head.writeUInt16LE(0x0800, 6);
		head.writeUInt16LE(8, 8);
		head.writeUInt16LE(this.stamp[0], 10);
		head.writeUInt16LE(this.stamp[1], 12);
		head.writeUInt16LE(name.length, 26);
		head.write(name, HEAD_BYTES, 'latin1');
		return head;
	}

	private async write(bytes: Uint8Array): Promise<void> {
		if (this.at + bytes.byteLength > MAX_PACK_BYTES) throw TOO_LARGE();
		await this.file.write(bytes, 0, bytes.byteLength, this.at);
		this.at += bytes.byteLength;
	}
}
