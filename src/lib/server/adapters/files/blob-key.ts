// Which keys an object may have, the same for every store: what is safe as a path is plain in a bucket too.
import { AppError } from '#domain/errors.ts';

/** Parts start with a letter or digit, so `..`, hidden names and a store's own `.incoming` cannot be spelled. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,5}$/;

/** @throws AppError `invalid`. The attack: a key such as `../keys/signing.pem` or `/etc/passwd` leads out of the store. */
export function requireKey(key: string): string {
	if (!KEY.test(key)) throw new AppError('invalid', 'A stored object has an impossible key.');
	return key;
}

/** The same for the beginning of keys: a whole key, one with a slash behind it, or nothing. */
export function requirePrefix(prefix: string): string {
	if (prefix !== '') requireKey(prefix.replace(/\/$/, ''));
	return prefix;
}
