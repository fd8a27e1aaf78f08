// An installation made of the file of a backup, on empty ground only: nothing that exists is ever replaced.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Readable } from 'node:stream';
import type postgres from 'postgres';
import { z } from 'zod';
import { AppError, isAppError } from '#domain/errors.ts';
import { decodeBatch, PREFIX_BYTES, recordLength } from '../adapters/files/log-record.ts';
import { migrate, MIGRATIONS_FOLDER } from '../db/migrate.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { LiveLog, StoredBatch } from '../ports/live-log.ts';
import { contentOf, readArchive, type Entry } from './archive-reader.ts';
import { FORMAT } from './back-up.ts';
import type { DumpedSequence, DumpedTable } from './dump-database.ts';
import { DatabaseLoader } from './load-database.ts';
import { isOfUse } from './named-objects.ts';

export type RestoreInto = {
	owner: postgres.Sql;
	liveLog: LiveLog;
	blobs: Blobs;
	dataDir: string;
	keysDir: string;
};

const head = z.object({
	format: z.literal(FORMAT),
	madeAt: z.string(),
	migrations: z.array(z.string()).min(1)
});

const parsed = async (entry: Entry): Promise<unknown> => JSON.parse((await contentOf(entry)).toString());

export class Restore {
	readonly #into: RestoreInto;
	#loader: DatabaseLoader | null = null;

	constructor(into: RestoreInto) {
		this.#into = into;
	}

	/** @param file was found whole @returns when the backup was made */
	async run(file: string): Promise<string> {
		let madeAt = '';
		try {
			for await (const entry of readArchive(file)) {
				if (entry.name === 'backup.json') madeAt = await this.#begin(entry);
				else await this.#take(entry);
			}
			return madeAt;
		} catch (error) {
			await this.#loader?.abandon();
			throw error;
		}
	}

	/** The tables as they were; a newer program's migrations follow once the rows are in. */
	async #begin(entry: Entry): Promise<string> {
		const { madeAt, migrations } = head.parse(await parsed(entry));
		const folder = await mkdtemp(path.join(tmpdir(), 'switchback-restore-'));
		try {
			for (const name of migrations)
				await copyFile(new URL(name, MIGRATIONS_FOLDER), path.join(folder, name)).catch(() => {
					throw new AppError(
						'invalid',
						`The backup was made by a newer version (${name}): install that one.`
					);
				});
			await migrate(this.#into.owner, pathToFileURL(`${folder}${path.sep}`));
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
		return madeAt;
	}

	async #take(entry: Entry): Promise<void> {
		const [part = '', first = '', ...rest] = entry.name.split('/');
		const { keysDir, dataDir, blobs } = this.#into;
		if (part === 'keys') return keep(path.join(keysDir, path.basename(first)), entry);
		if (part === 'keys-of-data') return keep(path.join(dataDir, path.basename(first)), entry);
		if (part === 'live-log') return this.#takeBatches(entry);
		if (part === 'database') return this.#takeDatabase(first, rest[0] ?? '', entry);
		if (part === 'objects') {
			const key = [first, ...rest].join('/');
			// The rows are in by now.
			if (await isOfUse(this.#into.owner, key)) await blobs.put(key, Readable.from(entry.body), Infinity);
			else for await (const passed of entry.body) void passed;
			return;
		}
		if (entry.name === 'jobs.json') return this.#takeJobs(z.array(z.unknown()).parse(await parsed(entry)));
		throw new AppError('invalid', `The backup holds ${entry.name}, which this version does not know.`);
	}

	async #takeDatabase(kind: string, table: string, entry: Entry): Promise<void> {
		this.#loader ??= await DatabaseLoader.begin(this.#into.owner);
		if (kind === 'tables.json') return this.#loader.prepare((await parsed(entry)) as DumpedTable[]);
		if (kind === 'rows') return this.#loader.rows(table, entry.body);
		await this.#loader.sequences((await parsed(entry)) as DumpedSequence[]);
		await this.#loader.commit();
		this.#loader = null;
		await migrate(this.#into.owner);
	}

	async #takeBatches(entry: Entry): Promise<void> {
		const content = await contentOf(entry);
		for (let at = 0; at < content.length;) {
			const length = recordLength(content.subarray(at, at + PREFIX_BYTES));
			const batch = length ? await decodeBatch(content.subarray(at, at + length)) : null;
			if (!length || !batch) throw new AppError('invalid', `${entry.name} in the backup is damaged.`);
			await this.#append(batch);
			at += length;
		}
	}

	async #append(batch: StoredBatch): Promise<void> {
		const { liveLog } = this.#into;
		const { pageId, impersonationId, seq } = batch;
		const behind = { pageId, impersonationId, upToSeq: seq - 1 };
		// What is before a page's first batch was sealed.
		if (seq > 0 && (await liveLog.reached(pageId)) === -1) await liveLog.seed(behind);
		try {
			await liveLog.append(batch);
		} catch (error) {
			if (!isAppError(error) || error.code !== 'try_later') throw error;
			// A hole that damage left: this log cannot keep it as one, and must not wait for what is lost.
			await liveLog.seed(behind);
			await liveLog.append(batch);
		}
	}

	/** The next start delivers them, each at least once. */
	async #takeJobs(jobs: readonly unknown[]): Promise<void> {
		const items = JSON.stringify(jobs.map((job) => ({ kind: 'job', job })));
		await this.#into.owner.unsafe(
			`INSERT INTO outbox (kind, payload) SELECT item ->> 'kind', item FROM jsonb_array_elements($1::text::jsonb) AS items(item)`,
			[items]
		);
	}
}

/** For its owner alone, and never over another file. */
async function keep(file: string, entry: Entry): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	await writeFile(file, await contentOf(entry), { flag: 'wx', mode: 0o600 });
}
