// The installation's keys, in KEYS_DIR: backed up apart from the data, so that whoever steals one lacks the other.
import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	randomBytes,
	type KeyObject
} from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

async function keep(file: string, make: () => string): Promise<string> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	try {
		// `wx`: of two processes that start at once, one makes the key and the other reads it.
		const handle = await open(file, 'wx', 0o600);
		const text = make();
		await handle.writeFile(text);
		await handle.sync();
		await handle.close();
		return text;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		return readFile(file, 'utf8');
	}
}

const SIGNING_KEY = 'signing-key.pem';

export type SigningKey = { privateKey: KeyObject; publicKey: KeyObject; publicPem: string };

/** The Ed25519 key that signs chain heads; made on the first start. */
export async function openSigningKey(keysDir: string): Promise<SigningKey> {
	const pem = await keep(path.join(keysDir, SIGNING_KEY), () =>
		generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
	);
	const privateKey = createPrivateKey(pem);
	const publicKey = createPublicKey(privateKey);
	return { privateKey, publicKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** The public half for who only verifies, or null where no key lies: verifying must not make one, which would fit no head. */
export async function readVerifyingKey(keysDir: string): Promise<KeyObject | null> {
	try {
		return createPublicKey(await readFile(path.join(keysDir, SIGNING_KEY), 'utf8'));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

const MASTER_KEY_BYTES = 32;

/** The key that all keys of recordings hang on; made on the first start. Without it every recording is lost for good. */
export async function openMasterKey(keysDir: string): Promise<Buffer> {
	const text = await keep(path.join(keysDir, 'recording-master.key'), () =>
		randomBytes(MASTER_KEY_BYTES).toString('base64')
	);
	const key = Buffer.from(text, 'base64');
	// A file that a full disk cut short must not become a weaker key that nobody notices.
	if (key.length !== MASTER_KEY_BYTES) throw new Error('KEYS_DIR/recording-master.key is damaged: restore it.');
	return key;
}

/** The secret that signs cookies and tickets when no SWITCHBACK_SECRET is set (embedded database only). */
export const openSecret = (dataDir: string): Promise<string> =>
	keep(path.join(dataDir, 'secret'), () => randomBytes(32).toString('base64url'));
