// The installation's keys, in KEYS_DIR: backed up apart from the data, so that whoever steals one lacks the other.
import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	randomBytes,
	randomUUID,
	type KeyObject
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

async function textOf(file: string): Promise<string | null> {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return null;
		throw error;
	}
}

async function writeDurably(file: string, text: string): Promise<void> {
	const handle = await open(file, 'wx', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** The text of the file, made where there is none yet. A folder that may only be read will do once it is there. */
async function keep(file: string, make: () => string): Promise<string> {
	const kept = await textOf(file);
	if (kept !== null) return kept;
	const folder = path.dirname(file);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const text = make();
	// It has its name only once it is whole: of two processes that start at once one makes the key, and the other never
	// reads half of it. A name with a dot is no key, should a crash leave it behind.
	const draft = path.join(folder, `.${path.basename(file)}.${randomUUID()}`);
	try {
		await writeDurably(draft, text);
		await link(draft, file);
	} catch (error) {
		if (hasCode(error, 'EEXIST')) return readFile(file, 'utf8');
		throw error;
	} finally {
		await rm(draft, { force: true });
	}
	const handle = await open(folder, 'r');
	await handle.sync().finally(() => handle.close());
	return text;
}

const SIGNING_KEY = 'signing-key.pem';

export type SigningKey = { privateKey: KeyObject; publicKey: KeyObject; publicPem: string };

/** The Ed25519 key that signs chain heads; made on the first start. */
export async function openSigningKey(keysDir: string): Promise<SigningKey> {
	return signingKeyOf(
		await keep(path.join(keysDir, SIGNING_KEY), () =>
			generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
		)
	);
}

/**
 * The same for a command, which must not make one: nobody would know it.
 * @throws AppError `not_found` where no key lies
 */
export async function requireSigningKey(keysDir: string): Promise<SigningKey> {
	const pem = await textOf(path.join(keysDir, SIGNING_KEY));
	if (pem === null)
		throw new AppError(
			'not_found',
			`KEYS_DIR (${keysDir}) has no ${SIGNING_KEY}. Set KEYS_DIR to the folder the product runs with.`
		);
	return signingKeyOf(pem);
}

function signingKeyOf(pem: string): SigningKey {
	const privateKey = createPrivateKey(pem);
	const publicKey = createPublicKey(privateKey);
	return { privateKey, publicKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** The public half for who only verifies, or null where no key lies: verifying must not make one, which would fit no head. */
export async function readVerifyingKey(keysDir: string): Promise<KeyObject | null> {
	const pem = await textOf(path.join(keysDir, SIGNING_KEY));
	return pem === null ? null : createPublicKey(pem);
}

const MASTER_KEY_BYTES = 32;

export const MASTER_KEY = 'recording-master.key';

function masterKeyOf(text: string): Buffer {
	const key = Buffer.from(text, 'base64');
	// A file that a full disk cut short must not become a weaker key that nobody notices.
	if (key.length !== MASTER_KEY_BYTES)
		throw new AppError('invalid', `KEYS_DIR/${MASTER_KEY} is damaged: restore it.`);
	return key;
}

/** The master key's file, or null where there is none: whether one may be made is for `master-key.ts` to say. */
export async function readMasterKeyFile(keysDir: string): Promise<Buffer | null> {
	const text = await textOf(path.join(keysDir, MASTER_KEY));
	return text === null ? null : masterKeyOf(text);
}

/** Makes the file, or reads the one that another process has just made. */
export const makeMasterKeyFile = async (keysDir: string): Promise<Buffer> =>
	masterKeyOf(
		await keep(path.join(keysDir, MASTER_KEY), () => randomBytes(MASTER_KEY_BYTES).toString('base64'))
	);

/** The secret that signs cookies and tickets when no SWITCHBACK_SECRET is set (embedded database only). */
export const openSecret = (dataDir: string): Promise<string> =>
	keep(path.join(dataDir, 'secret'), () => randomBytes(32).toString('base64url'));
