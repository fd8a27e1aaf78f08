// Takes a stream apart into the parts that a bucket wants, counting and hashing what goes by.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '#domain/errors.ts';

/** The least that S3 takes for a part is 5 MiB; 10 000 of ours are far more than anything we keep. */
const PART_BYTES = 8 * 1024 * 1024;

export const nothing = (): Readable => Readable.from([]);

export class PartReader {
	readonly #source: AsyncIterator<Buffer>;
	readonly #maxBytes: number;
	readonly #hash = createHash('sha256');
	#bytes = 0;
	#rest: Buffer[] = [];
	#restBytes = 0;
	#isDone = false;

	constructor(source: Readable, maxBytes: number) {
		this.#source = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
		this.#maxBytes = maxBytes;
	}

	/** True once the source has ended and everything of it was handed out. */
	get isDone(): boolean {
		return this.#isDone && this.#restBytes === 0;
	}

	/**
	 * The next part, shorter only at the end, and then empty.
	 * @throws AppError `too_large`: the size is counted, since a length that the sender claims proves nothing
	 */
	async next(): Promise<Buffer> {
		// One byte more than a part, so that `isDone` is the truth when the source ends with it.
		while (!this.#isDone && this.#restBytes <= PART_BYTES) {
			const step = await this.#source.next();
			if (step.done) this.#isDone = true;
			else this.#take(step.value);
		}
		const all = Buffer.concat(this.#rest);
		this.#rest = [all.subarray(PART_BYTES)];
		this.#restBytes = this.#rest[0]?.length ?? 0;
		return all.subarray(0, PART_BYTES);
	}

	result(): { bytes: number; sha256: string } {
		return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
	}

	#take(chunk: Buffer): void {
		this.#bytes += chunk.length;
		if (this.#bytes > this.#maxBytes)
			throw new AppError('too_large', `The file is larger than ${this.#maxBytes} bytes.`);
		this.#hash.update(chunk);
		this.#rest.push(chunk);
		this.#restBytes += chunk.length;
	}
}
