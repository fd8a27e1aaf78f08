// Blobs as files under one folder. A key is a path below it; an object appears under its key whole, or not at all.
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, opendir, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '#domain/errors.ts';
import type { Blobs, StoredBlob } from '#server/ports/blobs.ts';
import { requireKey, requirePrefix } from './blob-key.ts';
import { syncFolder } from './sync-folder.ts';

const INCOMING = '.incoming';

/** Nothing is written into a file under way for so long and then again. */
const LEFT_BEHIND_MS = 3_600_000;

export class FileBlobs implements Blobs {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	/** Opens the folder and removes what uploads that a kill interrupted have left. */
	static async open(folder: string): Promise<FileBlobs> {
		const absolute = path.resolve(folder);
		const incoming = path.join(absolute, INCOMING);
		await mkdir(incoming, { recursive: true, mode: 0o700 });
		for await (const file of walk(incoming)) {
			const stats = await stat(file).catch(() => null);
			// Another process on the same folder may be receiving this very moment; what is old nobody goes on with.
			if (stats && Date.now() - stats.mtimeMs > LEFT_BEHIND_MS) await rm(file, { force: true });
		}
		return new FileBlobs(absolute);
	}

	async put(key: string, source: Readable, maxBytes: number): Promise<{ bytes: number; sha256: string }> {
		const target = this.#pathOf(key);
		const incoming = path.join(this.#folder, INCOMING, randomUUID());
		try {
			const file = await refusable(open(incoming, 'wx', 0o600));
			const stored = await receive(file, source, maxBytes).finally(() => file.close());
			await refusable(this.#publish(incoming, target));
			return stored;
		} finally {
			// A source left half-read would hold its connection open.
			source.destroy();
			await rm(incoming, { force: true });
		}
	}

	async open(key: string, range?: { start: number; end: number }): Promise<Readable | null> {
		const file = await this.#openFile(this.#pathOf(key));
		if (!file) return null;
		const { size } = await file.stat();
		const isEmpty = size === 0 || (range && range.start >= size);
		if (!isEmpty) return file.createReadStream(range);
		await file.close();
		return Readable.from([]);
	}

	async remove(key: string): Promise<void> {
		await refusable(rm(this.#pathOf(key), { force: true }));
	}

	async *list(prefix: string): AsyncGenerator<StoredBlob> {
		const start = requirePrefix(prefix);
		// Keys below one folder share it: nothing else need be walked.
		const folder = path.dirname(`${start}x`);
		for await (const file of walk(path.join(this.#folder, folder))) {
			const key = path.relative(this.#folder, file).replaceAll(path.sep, '/');
			if (!key.startsWith(start) || key.startsWith(INCOMING)) continue;
			const stats = await stat(file).catch(() => null);
			// Removed while we looked.
			if (stats) yield { key, bytes: stats.size, at: stats.mtimeMs };
		}
	}

	#pathOf(key: string): string {
		return path.join(this.#folder, requireKey(key));
	}

	/** A link, not a rename: it fails where the key is taken, so an object can never be replaced. */
	async #publish(incoming: string, target: string): Promise<void> {
		const parent = path.dirname(target);
		const firstMade = await mkdir(parent, { recursive: true, mode: 0o700 });
		try {
			await link(incoming, target);
		} catch (error) {
			if (errnoOf(error) === 'EEXIST') throw new AppError('conflict', 'This object is stored already.');
			throw error;
		}
		await unlink(incoming);
		await syncFolder(parent);
		if (firstMade) await this.#syncUpTo(parent, path.dirname(firstMade));
	}

	/** New folders are themselves entries that a power cut could lose. */
	async #syncUpTo(from: string, last: string): Promise<void> {
		for (let folder = from; folder.length >= last.length; folder = path.dirname(folder)) {
			await syncFolder(folder);
			if (folder === path.dirname(folder)) return;
		}
	}

	async #openFile(target: string): Promise<FileHandle | null> {
		try {
			// NOFOLLOW: a link planted among the objects must not lead out of the folder.
			const file = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW);
			if ((await file.stat()).isFile()) return file;
			await file.close();
			return null;
		} catch (error) {
			if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return null;
			throw asRefusal(error);
		}
	}
}

/** Every file below a folder; a folder that is missing, or a plain file, has none. */
async function* walk(folder: string): AsyncGenerator<string> {
	const entries = await opendir(folder).catch((error: unknown) => {
		if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return null;
		throw asRefusal(error);
	});
	for await (const entry of entries ?? []) {
		const inside = path.join(folder, entry.name);
		if (entry.isDirectory()) yield* walk(inside);
		else if (entry.isFile()) yield inside;
	}
}

/** The size is counted while the bytes arrive: a length that the sender claims proves nothing. */
async function receive(file: FileHandle, source: Readable, maxBytes: number) {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const chunk of source as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`);
		hash.update(chunk);
		await refusable(writeAll(file, chunk));
	}
	await refusable(file.sync());
	return { bytes, sha256: hash.digest('hex') };
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
	for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}

const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const refusable = <T>(work: Promise<T>): Promise<T> =>
	work.catch((error: unknown) => {
		throw asRefusal(error);
	});

function asRefusal(error: unknown): unknown {
	if (isAppError(error)) return error;
	return new AppError('try_later', 'The file could not be stored or read. Try again in a moment.', {
		errno: errnoOf(error)
	});
}
