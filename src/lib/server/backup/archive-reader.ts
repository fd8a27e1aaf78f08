// Reads the file of a backup, entry by entry. A file is believed only after it was read once to its end and its sum was right.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { WHOLE } from './archive-writer.ts';
import { BLOCK, nameOfPax, paddingOf, parseHead } from './tar.ts';

/** `body` must be read to its end before the next entry is asked for. */
export type Entry = { name: string; bytes: number; body: AsyncIterable<Buffer> };

const wholeness = z.object({ entries: z.number(), sha256: z.string() });

/** Bytes on demand from a stream, summed up as they go by. */
class Bytes {
	readonly #source: AsyncIterator<Buffer>;
	readonly hash = createHash('sha256');
	#rest: Buffer = Buffer.alloc(0);

	constructor(source: AsyncIterable<Buffer>) {
		this.#source = source[Symbol.asyncIterator]();
	}

	/** At most `limit` bytes, what is there. @throws RangeError when the stream ends before */
	async some(limit: number): Promise<Buffer> {
		while (this.#rest.length === 0) {
			const step = await this.#source.next();
			if (step.done) throw new RangeError('it ends in the middle');
			this.#rest = step.value;
		}
		const part = this.#rest.subarray(0, limit);
		this.#rest = this.#rest.subarray(part.length);
		this.hash.update(part);
		return part;
	}

	async exactly(count: number): Promise<Buffer> {
		const parts: Buffer[] = [];
		for (let left = count; left > 0;) {
			const part = await this.some(left);
			parts.push(part);
			left -= part.length;
		}
		return Buffer.concat(parts);
	}

	async *stream(count: number): AsyncGenerator<Buffer> {
		for (let left = count; left > 0;) {
			const part = await this.some(left);
			left -= part.length;
			yield part;
		}
		await this.exactly(paddingOf(count));
	}
}

/** Every entry in order; `sumBefore` is the sum of all that came before it. */
async function* entriesOf(file: string): AsyncGenerator<Entry & { sumBefore(): string }> {
	const source = pipeline(createReadStream(file), createZstdDecompress(), () => {
		// Told to the reader as its own error.
	});
	const bytes = new Bytes(source as AsyncIterable<Buffer>);
	let longName: string | null = null;
	for (;;) {
		const before = bytes.hash.copy();
		const head = parseHead(await bytes.exactly(BLOCK));
		if (!head) return;
		if (head.isPax) {
			longName = nameOfPax(await bytes.exactly(head.bytes));
			await bytes.exactly(paddingOf(head.bytes));
			continue;
		}
		const name: string = longName ?? head.name;
		longName = null;
		yield { name, bytes: head.bytes, body: bytes.stream(head.bytes), sumBefore: () => before.digest('hex') };
	}
}

export async function contentOf(entry: Entry): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of entry.body) parts.push(part);
	return Buffer.concat(parts);
}

/**
 * Reads the whole file without using any of it.
 * @throws AppError `invalid` that says what is wrong with it
 */
export async function requireWhole(file: string): Promise<void> {
	let count = 0;
	try {
		for await (const entry of entriesOf(file)) {
			const content = entry.name === WHOLE ? await contentOf(entry) : null;
			if (!content) for await (const part of entry.body) void part;
			count += 1;
			if (!content) continue;
			const { entries, sha256 } = wholeness.parse(JSON.parse(content.toString()));
			if (entries !== count - 1 || sha256 !== entry.sumBefore()) throw new RangeError('its sum is wrong');
			return;
		}
		throw new RangeError('its last entry is missing');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT')
			throw new AppError('not_found', `There is no file ${file}.`);
		const why = (error as Error).message;
		throw new AppError('invalid', `${file} is not a whole backup (${why}). Nothing was restored.`);
	}
}

/** The entries of a file that is known to be whole. */
export async function* readArchive(file: string): AsyncGenerator<Entry> {
	for await (const entry of entriesOf(file)) {
		if (entry.name === WHOLE) return;
		yield entry;
	}
}
