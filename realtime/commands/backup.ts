// npm run backup -- FILE: one file of the whole installation, made beside a running process. `--without-keys` leaves KEYS_DIR
// out, for those who keep it apart.
import { existsSync } from 'node:fs';
import { AppError } from '#domain/errors.ts';
import { backUp } from '#server/backup/back-up.ts';
import { jobsConnection } from '#server/compose.ts';
import { openForBackup } from '#server/compose/open-adapters.ts';
import { readConfig, type Config } from '#server/config.ts';
import { openDatabase } from '#server/db/open-database.ts';
import { openJobs } from '#server/jobs/queue.ts';
import { createLogger } from '#server/logger.ts';
import { commandFolder } from './command-folder.ts';

async function run(file: string, config: Config, hasKeys: boolean): Promise<string> {
	const log = createLogger(config.logLevel);
	const database = await openDatabase(config);
	try {
		const stores = await openForBackup({ config, log });
		const jobs = await openJobs(jobsConnection(config, database), () => undefined);
		const { owner } = database;
		const told = await backUp(file, {
			owner,
			...stores,
			jobs,
			dataDir: config.dataDir,
			keysDir: hasKeys ? config.keysDir : null,
			now: Date.now()
		}).finally(async () => {
			await jobs.close();
			await stores.close();
		});
		const keys = hasKeys ? 'keys, ' : '';
		return `${file}: ${keys}${told.tables} tables, ${told.objects} objects, ${told.pages} pages of the live log, ${told.jobs} jobs`;
	} finally {
		await database.close();
	}
}

export default async function backupCommand(argv: readonly string[]): Promise<void> {
	const [file, ...rest] = argv.filter((word) => !word.startsWith('--'));
	if (!file || rest.length > 0) throw new AppError('invalid', 'Say where to: npm run backup -- FILE');
	if (existsSync(file))
		throw new AppError('conflict', `${file} exists: a backup never replaces a file. Give another name.`);
	const hasKeys = !argv.includes('--without-keys');
	process.stdout.write(`${await run(file, commandFolder(readConfig(), argv), hasKeys)}\n`);
	if (hasKeys) process.stdout.write('The file holds the keys: whoever has it can read every recording.\n');
}
