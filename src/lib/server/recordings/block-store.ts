// Objects of recordings in the blob store, and the list of those that no row names (yet, or any more): whatever a crash
// leaves behind is on that list and is swept, without ever listing the store.
import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { unlessBackup } from '#server/db/backup-lock.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import { MAX_OBJECT_BYTES } from './seal-limits.ts';

/**
 * How long an object may be named by no row: longer than any sealing takes, and than a reader who was just told of a
 * block needs to fetch it after compaction has replaced it.
 */
const UNNAMED_MINUTES = 60;

/** One run's share. */
const AT_ONCE = 1_000;

export class BlockStore {
	private readonly db: Db;
	private readonly blobs: Blobs;

	constructor({ db, blobs }: { db: Db; blobs: Blobs }) {
		this.db = db;
		this.blobs = blobs;
	}

	/** Keeps an object that a row will name soon; `name` in the transaction that does so. */
	async put(key: string, object: Uint8Array): Promise<void> {
		await this.db.execute(sql`
			INSERT INTO unnamed_object (blob_key, due_at)
			VALUES (${key}, now() + make_interval(mins => ${UNNAMED_MINUTES}::int))`);
		await this.blobs.put(
			key,
			Readable.from([Buffer.from(object.buffer, object.byteOffset, object.byteLength)]),
			MAX_OBJECT_BYTES
		);
	}

	/** Within the transaction whose row names it. @returns false when it was swept meanwhile: then no row may name it */
	async name(tx: Tx, key: string): Promise<boolean> {
		const found = await tx.execute(
			sql`DELETE FROM unnamed_object WHERE blob_key = ${key} RETURNING blob_key`
		);
		return found.length > 0;
	}

	/** Within the transaction that takes its row away: it is swept later. */
	async unname(tx: Tx, keys: readonly string[]): Promise<void> {
		await tx.execute(sql`
			INSERT INTO unnamed_object (blob_key, due_at)
			SELECT value, now() + make_interval(mins => ${UNNAMED_MINUTES}::int)
			FROM jsonb_array_elements_text(${JSON.stringify(keys)}::text::jsonb) ON CONFLICT (blob_key) DO NOTHING`);
	}

	/** @throws AppError `not_found` when it is gone */
	async get(key: string): Promise<Buffer> {
		const source = await this.blobs.open(key);
		if (!source) throw new AppError('not_found', 'This part of the recording is not there any more.');
		const parts: Buffer[] = [];
		for await (const part of source as AsyncIterable<Buffer>) parts.push(part);
		return Buffer.concat(parts);
	}

	/** Removes at once what no row names. */
	async discard(key: string): Promise<void> {
		await this.blobs.remove(key);
		await this.db.execute(sql`DELETE FROM unnamed_object WHERE blob_key = ${key}`);
	}

	/** Removes what no row has named for long, unless a backup runs; twice is once. @returns how many objects */
	async sweep(): Promise<number> {
		return (await unlessBackup(this.db, () => this.sweepDue())) ?? 0;
	}

	private async sweepDue(): Promise<number> {
		const due = await this.db.execute<{ blob_key: string }>(
			sql`SELECT blob_key FROM unnamed_object WHERE due_at < now() ORDER BY due_at LIMIT ${AT_ONCE}`
		);
		for (const { blob_key: key } of due) {
			// Taken off the list first, under its lock: who names it from now on is told that it is too late.
			await this.db.transaction(async (tx) => {
				if (await this.name(tx, key)) await this.blobs.remove(key);
			});
		}
		return due.length;
	}
}
