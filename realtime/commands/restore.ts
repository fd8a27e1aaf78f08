// npm run restore -- FILE: an installation made of a backup, where the settings say and nothing is yet. It refuses to replace
// anything; start the product afterwards.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { requireWhole } from '#server/backup/archive-reader.ts';
import { Restore } from '#server/backup/restore.ts';
import { openAdapters, type Adapters } from '#server/compose/open-adapters.ts';
import { readConfig, withDemoFolder, type Config } from '#server/config.ts';
import { CLUSTER_FOLDER } from '#server/db/embedded/start-embedded.ts';
import { openDatabase, type Database } from '#server/db/open-database.ts';
import { createLogger } from '#server/logger.ts';

const hasEntries = async (folder: string): Promise<boolean> =>
	existsSync(folder) && (await readdir(folder)).some((name) => !name.startsWith('.'));

/** Folders are looked at before anything is opened there: opening makes what is missing. */
async function inTheWayOnDisk({ dataDir, keysDir, databaseUrl, redisUrl, s3 }: Config): Promise<string[]> {
	const folders = [
		...(databaseUrl ? [] : [path.join(dataDir, CLUSTER_FOLDER)]),
		...(redisUrl ? [] : [path.join(dataDir, 'live-log')]),
		...(s3 ? [] : [path.join(dataDir, 'blobs')]),
		keysDir
	];
	const full = await Promise.all(folders.map(hasEntries));
	return folders.filter((_folder, at) => full[at]).map((folder) => `${folder} is not empty`);
}

async function inTheWayElsewhere(database: Database, { liveLog, blobs }: Adapters): Promise<string[]> {
	const found: string[] = [];
	const [table] = await database.owner`
		SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LIMIT 1`;
	if (table) found.push('the database has tables');
	if (!(await liveLog.pages()[Symbol.asyncIterator]().next()).done) found.push('the live log has pages');
	if (!(await blobs.list('')[Symbol.asyncIterator]().next()).done) found.push('the bucket has objects');
	return found;
}

function requireFree(found: readonly string[]): void {
	if (found.length === 0) return;
	const list = found.join('; ');
	throw new AppError('conflict', `Nothing was restored, since it would replace what is there: ${list}.`);
}

async function run(file: string, config: Config): Promise<string> {
	requireFree(await inTheWayOnDisk(config));
	const database = await openDatabase(config);
	try {
		const adapters = await openAdapters({
			config,
			log: createLogger(config.logLevel),
			observe: () => undefined
		});
		const { owner } = database;
		const { dataDir, keysDir } = config;
		try {
			requireFree(await inTheWayElsewhere(database, adapters));
			return await new Restore({ owner, ...adapters, dataDir, keysDir }).run(file);
		} finally {
			await adapters.close();
		}
	} finally {
		await database.close();
	}
}

export default async function restoreCommand(argv: readonly string[]): Promise<void> {
	const [file, ...rest] = argv.filter((word) => !word.startsWith('--'));
	if (!file || rest.length > 0) throw new AppError('invalid', 'Say which: npm run restore -- FILE');
	const config = argv.includes('--demo') ? withDemoFolder(readConfig()) : readConfig();
	await requireWhole(file);
	const madeAt = await run(file, config);
	process.stdout.write(`Restored as of ${madeAt}. Check it: npm run verify-log\n`);
}
