// One file of everything an installation is: keys, live log, database, objects, jobs. The order of the parts is what makes them
// fit together (README), and none of them stops for it.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type postgres from 'postgres';
import { AppError } from '#domain/errors.ts';
import { encodeBatch } from '../adapters/files/log-record.ts';
import { holdForBackup } from '../db/backup-lock.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { LiveLog } from '../ports/live-log.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { dumpDatabase, migrationsOf } from './dump-database.ts';
import { stillNeeded } from './named-objects.ts';

/** Changes when a reader of today could not read the file. */
export const FORMAT = 1;

/** Pieces of uploads under way: they are sent again. */
const NOT_KEPT = /^pieces\//;

/** As many lost objects are named in one line. */
const NAMED_IN_FAULT = 5;

export type BackUpFrom = {
	owner: postgres.Sql;
	liveLog: Pick<LiveLog, 'pages' | 'read'>;
	blobs: Pick<Blobs, 'list' | 'open'>;
	jobs: Pick<Jobs, 'left'>;
	dataDir: string;
	/** Null leaves the keys out, for those who keep them apart. */
	keysDir: string | null;
	/** When it begins, ms since the epoch. */
	now: number;
	/** Goes on without objects that are lost; for when they are known to be. */
	despiteMissing?: boolean;
};

export type BackUpTold = { pages: number; tables: number; objects: number; jobs: number; missing: string[] };

/**
 * @throws Error when the file exists or cannot be written, AppError `conflict` when objects are lost that rows name; nothing is
 * then left of it
 */
export async function backUp(file: string, from: BackUpFrom): Promise<BackUpTold> {
	const archive = new ArchiveWriter(file);
	let letGo: (() => Promise<void>) | null = null;
	try {
		letGo = await holdForBackup(from.owner);
		const made = { format: FORMAT, madeAt: new Date(from.now).toISOString() };
		const migrations = await migrationsOf(from.owner);
		await archive.add('backup.json', JSON.stringify({ ...made, migrations }));
		if (from.keysDir) await addKeys(archive, from.keysDir, from.dataDir);
		const pages = await addLiveLog(archive, from.liveLog);
		const { tables, named } = await dumpDatabase(from.owner, archive);
		const objects = await addObjects(archive, from.blobs, named);
		// What is left of the names was not in the store.
		const missing = named.size > 0 ? await stillNeeded(from.owner, [...named]) : [];
		if (missing.length > 0 && !from.despiteMissing) throw lost(missing);
		const jobs = await from.jobs.left(from.now);
		await archive.add('jobs.json', JSON.stringify(jobs));
		await archive.finish();
		return { pages, tables, objects, jobs: jobs.length, missing };
	} catch (error) {
		await archive.abandon();
		throw error;
	} finally {
		await letGo?.();
	}
}

const lost = (missing: readonly string[]): AppError =>
	new AppError(
		'conflict',
		`No backup was made: ${missing.length} objects that rows name are not in the store (${missing.slice(0, NAMED_IN_FAULT).join(', ')}${missing.length > NAMED_IN_FAULT ? ', …' : ''}). Bring them back, or back up without them: --despite-missing.`
	);

async function addKeys(archive: ArchiveWriter, keysDir: string, dataDir: string): Promise<void> {
	for (const name of (await namesIn(keysDir)).toSorted())
		await archive.add(`keys/${name}`, await readFile(path.join(keysDir, name)));
	// Made beside the data where no SWITCHBACK_SECRET is set.
	if ((await namesIn(dataDir)).includes('secret'))
		await archive.add('keys-of-data/secret', await readFile(path.join(dataDir, 'secret')));
}

async function namesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	});
	// What a crash left half made has a name with a dot.
	return entries.flatMap((entry) => (entry.isFile() && !entry.name.startsWith('.') ? [entry.name] : []));
}

async function addLiveLog(archive: ArchiveWriter, liveLog: BackUpFrom['liveLog']): Promise<number> {
	let pages = 0;
	for await (const { pageId } of liveLog.pages()) {
		await archive.pieces(`live-log/${pageId}`, records(liveLog, pageId));
		pages += 1;
	}
	return pages;
}

async function* records(liveLog: BackUpFrom['liveLog'], pageId: string): AsyncGenerator<Buffer> {
	for await (const batch of liveLog.read(pageId)) yield await encodeBatch(batch);
}

/** Adds every object, and takes its key off the names. */
async function addObjects(
	archive: ArchiveWriter,
	blobs: BackUpFrom['blobs'],
	named: Set<string>
): Promise<number> {
	let objects = 0;
	for await (const { key, bytes } of blobs.list('')) {
		if (NOT_KEPT.test(key)) continue;
		const content: Readable | null = await blobs.open(key);
		// Removed since it was listed. If the rows in the backup name it, it stays among the names.
		if (!content) continue;
		await archive.stream(`objects/${key}`, bytes, content as AsyncIterable<Buffer>);
		named.delete(key);
		objects += 1;
	}
	return objects;
}
