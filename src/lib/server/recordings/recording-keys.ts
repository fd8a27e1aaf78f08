// Keys of recordings. Each recording has its own, kept in the database wrapped by its agency's key, which is derived from
// the master key in KEYS_DIR: a copy of the database opens nothing, and deleting one row erases one recording for good.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of a wrapped key: another way of wrapping gets another number [H4]. */
const WRAPPED_VERSION = 1;

/** What an agency's key is for; another purpose is another key. */
export type KeyPurpose = 'recording' | 'personal';

/** The agency's own key for a purpose: HKDF-SHA-256 of the master key. */
export function agencyKey(master: Uint8Array, agencyId: string, purpose: KeyPurpose): Buffer {
	if (master.byteLength !== KEY_BYTES) throw new RangeError('a master key has 32 bytes');
	const info = `switchback.${purpose}-key.1|${agencyId}`;
	return Buffer.from(hkdfSync('sha256', master, 'switchback', info, KEY_BYTES));
}

/** A fresh key, never derived from anything: what deletes its only copy has erased what it opened. */
export const newKey = (): Buffer => randomBytes(KEY_BYTES);

/** Bound to `owner` (an id): a wrapped key moved to another row does not open. */
export function wrapKey(by: Uint8Array, key: Uint8Array, owner: string): Buffer {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv('aes-256-gcm', by, nonce).setAAD(Buffer.from(owner));
	return Buffer.concat([
		Buffer.of(WRAPPED_VERSION),
		nonce,
		cipher.update(key),
		cipher.final(),
		cipher.getAuthTag()
	]);
}

/** @throws Error when it was wrapped by another key, for another owner, or changed */
export function unwrapKey(by: Uint8Array, wrapped: Uint8Array, owner: string): Buffer {
	const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength);
	if (bytes[0] !== WRAPPED_VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES)
		throw new Error('This key was wrapped in a way that this program does not know.');
	const decipher = createDecipheriv('aes-256-gcm', by, bytes.subarray(1, 1 + NONCE_BYTES));
	decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
	try {
		const opened = decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES));
		return Buffer.concat([opened, decipher.final()]);
	} catch (error) {
		throw new Error('The key of a recording does not open with the master key in KEYS_DIR.', {
			cause: error
		});
	}
}
