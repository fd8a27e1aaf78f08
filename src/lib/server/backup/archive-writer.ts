// Writes the file of a backup: entries one after the other, compressed as they come, and at the end a sum over all of them.
// It has its name only once it is whole and on the disk.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { headOf, paddingOf, trailer } from './tar.ts';

/** Streams of unknown length go in as entries of about this much. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export const WHOLE = 'whole.json';

export class ArchiveWriter {
	readonly #file: string;
	readonly #packed = createZstdCompress();
	readonly #written: Promise<void>;
	readonly #hash = createHash('sha256');
	#entries = 0;

	/** @param file must not exist: a backup never replaces another */
	constructor(file: string) {
		this.#file = file;
		// For its owner alone: it may hold keys.
		const sink = createWriteStream(this.#partial, { flags: 'wx', mode: 0o600 });
		this.#written = pipeline(this.#packed, sink);
		// Heard by whoever writes next or finishes; until then it must not end the process.
		this.#written.catch(() => undefined);
	}

	get #partial(): string {
		return `${this.#file}.partial`;
	}

	/** An entry of known content. */
	async add(name: string, content: Buffer | string): Promise<void> {
		const bytes = Buffer.from(content as string);
		await this.#entry({ name, bytes: bytes.length }, [bytes]);
	}

	/** An entry whose size is known and whose content streams. @throws Error when it is not as long as was said */
	async stream(name: string, bytes: number, source: AsyncIterable<Buffer>): Promise<void> {
		await this.#entry({ name, bytes }, source);
	}

	/** A stream of unknown length, as numbered entries below a name. */
	async pieces(name: string, source: AsyncIterable<Uint8Array>): Promise<void> {
		let kept: Uint8Array[] = [];
		let bytes = 0;
		let count = 0;
		const flush = async (): Promise<void> => {
			await this.add(`${name}/${String(count).padStart(6, '0')}`, Buffer.concat(kept));
			[kept, bytes, count] = [[], 0, count + 1];
		};
		for await (const part of source) {
			kept.push(part);
			bytes += part.length;
			if (bytes >= CHUNK_BYTES) await flush();
		}
		if (bytes > 0) await flush();
	}

	/** Ends the file and gives it its name. */
	async finish(): Promise<{ entries: number }> {
		const entries = this.#entries;
		await this.add(WHOLE, JSON.stringify({ entries, sha256: this.#hash.copy().digest('hex') }));
		await this.#write(trailer());
		this.#packed.end();
		await this.#written;
		const handle = await open(this.#partial, 'r+');
		await handle.sync().finally(() => handle.close());
		await rename(this.#partial, this.#file);
		return { entries };
	}

	/** Leaves nothing behind. */
	async abandon(): Promise<void> {
		this.#packed.destroy();
		await this.#written.catch(() => undefined);
		await rm(this.#partial, { force: true });
	}

	async #entry(
		head: { name: string; bytes: number },
		source: AsyncIterable<Buffer> | Iterable<Buffer>
	): Promise<void> {
		await this.#write(headOf(head));
		let written = 0;
		for await (const part of source) {
			written += part.length;
			await this.#write(part);
		}
		if (written !== head.bytes) throw new Error(`${head.name} changed while it was read`);
		await this.#write(Buffer.alloc(paddingOf(written)));
		this.#entries += 1;
	}

	async #write(bytes: Buffer): Promise<void> {
		if (bytes.length === 0) return;
		if (this.#packed.destroyed) await this.#written;
		this.#hash.update(bytes);
		if (!this.#packed.write(bytes)) await Promise.race([once(this.#packed, 'drain'), this.#written]);
	}
}
