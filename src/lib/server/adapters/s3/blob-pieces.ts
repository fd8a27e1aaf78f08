// Pieces of uploads under way as objects of a blob store, so that any process can go on with what another one began.
// An object for each piece, named by where it begins: two requests that write the same stretch meet at the store, which
// never replaces an object, and the second is refused.
import { Readable } from 'node:stream';
import { DataStore, ERRORS, Upload } from '@tus/server';
import { z } from 'zod';
import { isAppError } from '#domain/errors.ts';
import type { Blobs, StoredBlob } from '#server/ports/blobs.ts';
import { PartReader } from './part-reader.ts';

const FOLDER = 'pieces';

/** Digits of a place in a file: sorted as text they are sorted as numbers. */
const DIGITS = 15;

const facts = z.object({
	size: z.number().optional(),
	metadata: z.record(z.string(), z.string().nullable()).optional(),
	creation_date: z.string().optional()
});

type Piece = { key: string; from: number; bytes: number };

export class BlobPieces extends DataStore {
	readonly #blobs: Blobs;
	readonly #lifeMs: number;

	constructor(blobs: Blobs, lifeMs: number) {
		super();
		this.#blobs = blobs;
		this.#lifeMs = lifeMs;
		this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
	}

	override async create(upload: Upload): Promise<Upload> {
		const { size, metadata, creation_date } = upload;
		const text = JSON.stringify({ size, metadata, creation_date });
		await this.#blobs.put(factsKey(upload.id), Readable.from([Buffer.from(text)]), Infinity);
		return upload;
	}

	/** Whole pieces survive a connection that breaks; what came of the last one is sent again. */
	override async write(source: Readable, id: string, offset: number): Promise<number> {
		const parts = new PartReader(source, Infinity);
		let at = offset;
		for (let part = await parts.next(); part.length > 0; part = await parts.next()) {
			await this.#putPiece(id, at, part);
			at += part.length;
		}
		return at;
	}

	override async getUpload(id: string): Promise<Upload> {
		const text = await textOf(await this.#blobs.open(factsKey(id)));
		if (text === null) throw ERRORS.FILE_NOT_FOUND;
		const last = (await this.#pieces(id)).at(-1);
		const known = facts.parse(JSON.parse(text));
		return new Upload({ id, ...known, offset: last ? last.from + last.bytes : 0 });
	}

	/** All that came so far, in order. */
	read(id: string): Readable {
		return Readable.from(this.#bytes(id));
	}

	override async remove(id: string): Promise<void> {
		for await (const { key } of this.#blobs.list(`${FOLDER}/${id}/`)) await this.#blobs.remove(key);
	}

	/** By age alone: whole uploads are removed when they become files. */
	override async deleteExpired(): Promise<number> {
		const old: StoredBlob[] = [];
		for await (const blob of this.#blobs.list(`${FOLDER}/`))
			if (Date.now() - blob.at > this.#lifeMs) old.push(blob);
		for (const { key } of old) await this.#blobs.remove(key);
		return old.length;
	}

	override getExpiration(): number {
		return this.#lifeMs;
	}

	async #putPiece(id: string, at: number, part: Buffer): Promise<void> {
		const key = `${FOLDER}/${id}/${String(at).padStart(DIGITS, '0')}`;
		try {
			await this.#blobs.put(key, Readable.from([part]), Infinity);
		} catch (error) {
			// Another request wrote here: the sender asks how far it got, and goes on from there.
			if (isAppError(error) && error.code === 'conflict') throw ERRORS.INVALID_OFFSET;
			throw error;
		}
	}

	/** Those that follow each other from the beginning, in order. */
	async #pieces(id: string): Promise<Piece[]> {
		const found: Piece[] = [];
		for await (const { key, bytes } of this.#blobs.list(`${FOLDER}/${id}/`)) {
			const from = Number(key.slice(-DIGITS));
			if (!Number.isNaN(from)) found.push({ key, from, bytes });
		}
		let next = 0;
		return found
			.toSorted((a, b) => a.from - b.from)
			.filter(({ from, bytes }) => {
				if (from !== next) return false;
				next += bytes;
				return true;
			});
	}

	async *#bytes(id: string): AsyncGenerator<Buffer> {
		for (const { key } of await this.#pieces(id)) {
			const piece = await this.#blobs.open(key);
			if (!piece) throw ERRORS.FILE_NO_LONGER_EXISTS;
			yield* piece as AsyncIterable<Buffer>;
		}
	}
}

const factsKey = (id: string): string => `${FOLDER}/${id}/upload.json`;

async function textOf(stream: Readable | null): Promise<string | null> {
	if (!stream) return null;
	const parts: Buffer[] = [];
	for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
	return Buffer.concat(parts).toString();
}
