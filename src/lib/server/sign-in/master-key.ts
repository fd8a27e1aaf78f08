// The key that all keys of recordings hang on. Without it every recording is lost for good, and with two of them each machine
// could open only its own: the database holds the fingerprint of the one, and no process goes on without that very key.
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { makeMasterKeyFile, MASTER_KEY, readMasterKeyFile } from './keys.ts';

type Asked = {
	db: Db;
	keysDir: string;
	/** Whether a key opens what is stored; asked of the first key that is noted, since nothing else says that it is the right one. */
	opensStored(tx: Tx, key: Uint8Array): Promise<boolean>;
};

const WHAT_TO_DO =
	'Copy the KEYS_DIR of the process that was started first, or restore the one that belongs to this database.';

const missing = (keysDir: string) =>
	new AppError(
		'conflict',
		`KEYS_DIR (${keysDir}) has no ${MASTER_KEY}, and this installation has had one. ${WHAT_TO_DO}`
	);
const wrong = (keysDir: string) =>
	new AppError(
		'conflict',
		`KEYS_DIR (${keysDir}) holds another ${MASTER_KEY} than the one this installation's recordings are locked with. ${WHAT_TO_DO}`
	);

const fingerprintOf = (key: Uint8Array): Buffer => createHash('sha256').update(key).digest();

async function notedFingerprint(db: Db | Tx): Promise<Buffer | null> {
	const [row] = await db.execute<{ fingerprint: Buffer }>(sql`SELECT fingerprint FROM master_key`);
	return row?.fingerprint ?? null;
}

/** Something is locked with a key already, though none was noted: one made now would never open it. */
async function isAnythingLocked(tx: Tx): Promise<boolean> {
	const [row] = await tx.execute<{ is_locked: boolean }>(sql`
		SELECT EXISTS (SELECT FROM recording_key) OR EXISTS (SELECT FROM client_personal_key) AS is_locked`);
	return row?.is_locked === true;
}

/** The key in the folder, if it is the one that was noted. @throws AppError `conflict` when it is another, or missing */
async function requireNoted(keysDir: string, noted: Buffer): Promise<Buffer> {
	const key = await readMasterKeyFile(keysDir);
	if (!key) throw missing(keysDir);
	if (!fingerprintOf(key).equals(noted)) throw wrong(keysDir);
	return key;
}

/** The first of all processes notes its key; one is made only where nothing was ever locked. */
const noteFirst = ({ db, keysDir, opensStored }: Asked): Promise<Buffer> =>
	db.transaction(async (tx) => {
		// Of several machines that start at once one makes a key; the others find it noted.
		await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('switchback.master-key'))`);
		const noted = await notedFingerprint(tx);
		if (noted) return requireNoted(keysDir, noted);
		const found = await readMasterKeyFile(keysDir);
		if (!found && (await isAnythingLocked(tx))) throw missing(keysDir);
		if (found && !(await opensStored(tx, found))) throw wrong(keysDir);
		const key = found ?? (await makeMasterKeyFile(keysDir));
		await tx.execute(sql`INSERT INTO master_key (fingerprint) VALUES (${fingerprintOf(key)}::bytea)`);
		return key;
	});

/**
 * Opens the key at the start, made and noted by the first process of an installation.
 * @throws AppError `conflict` with what to do when KEYS_DIR is not this installation's; `invalid` when the file is damaged
 */
export async function openMasterKey(asked: Asked): Promise<Buffer> {
	const noted = await notedFingerprint(asked.db);
	return noted ? requireNoted(asked.keysDir, noted) : noteFirst(asked);
}

/** The same for a command: it makes nothing and notes nothing. @throws AppError as `openMasterKey` does */
export async function requireMasterKey({ db, keysDir }: Pick<Asked, 'db' | 'keysDir'>): Promise<Buffer> {
	const noted = await notedFingerprint(db);
	if (noted) return requireNoted(keysDir, noted);
	const key = await readMasterKeyFile(keysDir);
	if (!key) throw missing(keysDir);
	return key;
}
