// One file of everything an installation is: keys, live log, database, objects, jobs. The order of the parts is what makes them
// fit together (README), and none of them stops for it.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type postgres from 'postgres';
import { encodeBatch } from '../adapters/files/log-record.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { LiveLog } from '../ports/live-log.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { dumpDatabase, migrationsOf } from './dump-database.ts';

/** Changes when a reader of today could not read the file. */
export const FORMAT = 1;

/** Pieces of uploads under way: they are sent again. */
const NOT_KEPT = /^pieces\//;

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
};

export type BackUpTold = { pages: number; tables: number; objects: number; jobs: number };

/** @throws Error when the file exists or cannot be written; nothing is then left of it */
export async function backUp(file: string, from: BackUpFrom): Promise<BackUpTold> {
	const archive = new ArchiveWriter(file);
	try {
		const made = { format: FORMAT, madeAt: new Date(from.now).toISOString() };
		const migrations = await migrationsOf(from.owner);
		await archive.add('backup.json', JSON.stringify({ ...made, migrations }));
		if (from.keysDir) await addKeys(archive, from.keysDir, from.dataDir);
		const pages = await addLiveLog(archive, from.liveLog);
		const { tables } = await dumpDatabase(from.owner, archive);
		const objects = await addObjects(archive, from.blobs);
		const jobs = await from.jobs.left(from.now);
		await archive.add('jobs.json', JSON.stringify(jobs));
		await archive.finish();
		return { pages, tables, objects, jobs: jobs.length };
	} catch (error) {
		await archive.abandon();
		throw error;
	}
}

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
	return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
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

async function addObjects(archive: ArchiveWriter, blobs: BackUpFrom['blobs']): Promise<number> {
	let objects = 0;
	for await (const { key, bytes } of blobs.list('')) {
		if (NOT_KEPT.test(key)) continue;
		const content: Readable | null = await blobs.open(key);
		// Removed since it was listed: so were the rows that named it, or they will be again.
		if (!content) continue;
		await archive.stream(`objects/${key}`, bytes, content as AsyncIterable<Buffer>);
		objects += 1;
	}
	return objects;
}
