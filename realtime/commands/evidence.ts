// npm run evidence -- IMPERSONATION_ID FILE [--reason "…"]: one recording as a pack that anybody can open and verify.
import { open, rm, type FileHandle } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { isUuid, type AgencyId } from '#domain/ids.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { composeLog } from '#server/compose/log.ts';
import { openForBackup } from '#server/compose/open-adapters.ts';
import { readConfig, type Config } from '#server/config.ts';
import { createAct } from '#server/db/act.ts';
import { openDatabase } from '#server/db/open-database.ts';
import type { Db } from '#server/db/types.ts';
import { readBuiltParts } from '#server/evidence/built-parts.ts';
import { evidenceAddress } from '#server/evidence/pack-format.ts';
import { createLogger } from '#server/logger.ts';
import { BlockStore } from '#server/recordings/block-store.ts';
import { StoredKeys } from '#server/recordings/stored-keys.ts';
import { requireSigningKey } from '#server/sign-in/keys.ts';
import { requireMasterKey } from '#server/sign-in/master-key.ts';
import { makePack, type MadePack } from '#server/usecases/evidence/make-pack.ts';
import { commandFolder } from './command-folder.ts';

const USAGE = 'Say which recording and where to: npm run evidence -- IMPERSONATION_ID FILE [--reason "…"]';

async function agencyOf(db: Db, impersonationId: string): Promise<AgencyId> {
	const [row] = isUuid(impersonationId)
		? await db.execute<{ agency_id: AgencyId }>(
				sql`SELECT agency_id FROM impersonation WHERE id = ${impersonationId}`
			)
		: [];
	if (!row) throw new AppError('not_found', 'There is no such recording. Its address ends with its id.');
	return row.agency_id;
}

/** Never over another file, and readable by nobody else: it shows a client's data. Asked before anything is logged. */
async function openNew(file: string): Promise<FileHandle> {
	return open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'EEXIST')
			throw new AppError('conflict', `${file} is there already. Name another file; no pack was made.`);
		throw new AppError(
			'invalid',
			`${file} cannot be written (${error.code ?? 'unknown'}). No pack was made.`
		);
	});
}

/** What `make` makes, in the file; nothing of it is left where it fails. */
async function keep(file: string, make: () => Promise<MadePack>): Promise<MadePack> {
	const handle = await openNew(file);
	try {
		const pack = await make();
		for await (const part of pack.body) await handle.appendFile(part);
		await handle.sync();
		return pack;
	} catch (error) {
		await rm(file, { force: true });
		throw error;
	} finally {
		await handle.close();
	}
}

type Asked = { impersonationId: string; file: string; reason: string };

async function run(config: Config, db: Db, { impersonationId, file, reason }: Asked): Promise<MadePack> {
	const { blobs, liveLog, close } = await openForBackup({ config, log: createLogger(config.logLevel) });
	try {
		const agencyId = await agencyOf(db, impersonationId);
		const signer = await requireSigningKey(config.keysDir);
		const master = await requireMasterKey({ db, keysDir: config.keysDir });
		const make = makePack({
			db,
			act: createAct({ db, publish: () => Promise.resolve(), drain: () => {} }),
			liveLog,
			store: new BlockStore({ db, blobs }),
			keys: new StoredKeys({ db, master }),
			master,
			signer,
			parts: () => readBuiltParts(),
			now: () => Date.now(),
			folder: config.dataDir,
			checkAt: evidenceAddress(config.agencyOrigin),
			signHeads: composeLog({ db, ids: new RandomIds(), signingKey: signer }).signHeads
		});
		const whose = { agencyId, impersonationId };
		return await keep(file, () => make({ whose, reason, actor: { kind: 'system', agencyId } }));
	} finally {
		await close();
	}
}

/** What stands behind `--reason`, or that nobody gave one. */
function reasonOf(argv: readonly string[]): string {
	const at = argv.indexOf('--reason');
	return (at === -1 ? undefined : argv[at + 1]) ?? 'Made by a command on the server.';
}

export default async function evidenceCommand(argv: readonly string[]): Promise<void> {
	const reason = reasonOf(argv);
	const [impersonationId, file] = argv.filter((word) => !word.startsWith('--') && word !== reason);
	if (!impersonationId || !file) throw new AppError('invalid', USAGE);
	const config = commandFolder(readConfig(), argv);
	const database = await openDatabase(config);
	try {
		const { blocks, actions, views, bytes, sha256 } = await run(config, database.db, {
			impersonationId,
			file,
			reason
		});
		process.stdout.write(
			`${file}: ${actions} actions, ${views} views, ${blocks} blocks, ${bytes} bytes. Whoever has it can see the recording.\nSHA-256 ${sha256}, as in the action log\n`
		);
	} finally {
		await database.close();
	}
}
