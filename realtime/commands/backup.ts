// npm run backup -- FILE: one file of the whole installation, made beside a running process. `--without-keys` leaves KEYS_DIR
// out, for those who keep it apart; `--despite-missing` goes on where objects are lost, and names them.
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

/** What is not in the file must be known. */
const without = (missing: readonly string[]): string =>
	missing.map((key) => `\nLost, and not in it: ${key}`).join('');

type Asked = { hasKeys: boolean; despiteMissing: boolean };

async function run(file: string, config: Config, { hasKeys, despiteMissing }: Asked): Promise<string> {
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
			now: Date.now(),
			despiteMissing
		}).finally(async () => {
			await jobs.close();
			await stores.close();
		});
		const keys = hasKeys ? 'keys, ' : '';
		return `${file}: ${keys}${told.tables} tables, ${told.objects} objects, ${told.pages} pages of the live log, ${told.jobs} jobs${without(told.missing)}`;
	} finally {
		await database.close();
	}
}

export default async function backupCommand(argv: readonly string[]): Promise<void> {
	const [file, ...rest] = argv.filter((word) => !word.startsWith('--'));
	if (!file || rest.length > 0) throw new AppError('invalid', 'Say where to: npm run backup -- FILE');
	if (existsSync(file))
		throw new AppError('conflict', `${file} exists: a backup never replaces a file. Give another name.`);
	const asked = {
		hasKeys: !argv.includes('--without-keys'),
		despiteMissing: argv.includes('--despite-missing')
	};
	process.stdout.write(`${await run(file, commandFolder(readConfig(), argv), asked)}\n`);
	if (asked.hasKeys)
		process.stdout.write('The file holds the keys: whoever has it can read every recording.\n');
}
