// npm run export-recording -- IMPERSONATION_ID FILE [--with-key]: one recording as one file that proves itself.
import { open, rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { isUuid, type AgencyId } from '#domain/ids.ts';
import { openForBackup } from '#server/compose/open-adapters.ts';
import { readConfig, type Config } from '#server/config.ts';
import { createAct } from '#server/db/act.ts';
import { openDatabase } from '#server/db/open-database.ts';
import type { Db } from '#server/db/types.ts';
import { createLogger } from '#server/logger.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { requireSigningKey } from '#server/sign-in/keys.ts';
import { requireMasterKey } from '#server/sign-in/master-key.ts';
import { exportRecording, type Exported } from '#server/usecases/recordings/export-recording.ts';
import { commandFolder } from './command-folder.ts';

const USAGE =
	'Say which recording and where to: npm run export-recording -- IMPERSONATION_ID FILE [--with-key]';

async function agencyOf(db: Db, impersonationId: string): Promise<AgencyId> {
	const [row] = isUuid(impersonationId)
		? await db.execute<{ agency_id: AgencyId }>(
				sql`SELECT agency_id FROM impersonation WHERE id = ${impersonationId}`
			)
		: [];
	if (!row) throw new AppError('not_found', 'There is no such recording. Its address ends with its id.');
	return row.agency_id;
}

type Asked = { impersonationId: string; file: string; withKey: boolean };

async function run(config: Config, db: Db, { impersonationId, file, withKey }: Asked): Promise<Exported> {
	const { blobs, liveLog, close } = await openForBackup({ config, log: createLogger(config.logLevel) });
	const agencyId = await agencyOf(db, impersonationId);
	const signer = await requireSigningKey(config.keysDir);
	const act = createAct({ db, publish: () => Promise.resolve(), drain: () => {} });
	const keys = new StoredKeys({ db, master: await requireMasterKey({ db, keysDir: config.keysDir }) });
	const deps = {
		db,
		act,
		liveLog,
		store: new BlockStore({ db, blobs }),
		keys,
		signer,
		now: () => Date.now()
	};
	// Never over another file, and readable by nobody else: it may hold the key.
	const handle = await open(file, 'wx', 0o600);
	const write = async (bytes: Uint8Array): Promise<void> => handle.appendFile(bytes);
	try {
		const exported = await exportRecording(deps)({ agencyId, impersonationId, withKey, write });
		await handle.sync();
		return exported;
	} catch (error) {
		await rm(file, { force: true });
		throw error;
	} finally {
		await handle.close();
		await close();
	}
}

export default async function exportCommand(argv: readonly string[]): Promise<void> {
	const [impersonationId, file] = argv.filter((word) => !word.startsWith('--'));
	if (!impersonationId || !file) throw new AppError('invalid', USAGE);
	const config = commandFolder(readConfig(), argv);
	const database = await openDatabase(config);
	try {
		const asked = { impersonationId, file, withKey: argv.includes('--with-key') };
		const { pages, blocks, bytes } = await run(config, database.db, asked);
		const key = asked.withKey ? 'with its key: whoever has the file can read it' : 'without its key';
		process.stdout.write(`${file}: ${pages} pages, ${blocks} blocks, ${bytes} bytes, ${key}\n`);
	} finally {
		await database.close();
	}
}
