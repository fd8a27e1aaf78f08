// Switching two-factor on and off, by the library, for somebody who is signed in. Called with an instance that works
// inside the change's transaction, so that the switch and its action row are kept together or not at all.
import { AppError } from '#domain/errors.ts';
import type { Auth } from './auth.ts';
import { askLibrary, type Caller } from './sessions.ts';

export type SignedInCaller = Caller & { cookie: string };

export type TwoFactorSetup = { totpUri: string };

async function ask(
	auth: Auth,
	path: string,
	caller: SignedInCaller,
	body: Record<string, unknown>,
	fault: { message: string; field: string }
): Promise<{ answer: Record<string, unknown>; cookies: string[] }> {
	const response = await askLibrary(auth, path, caller, body);
	if (response.status === 429)
		throw new AppError('too_many', 'Too many attempts. Wait a quarter of an hour and try again.');
	if (response.status >= 500) throw new AppError('try_later', 'This does not work at the moment. Try again.');
	if (!response.ok) throw new AppError('invalid', fault.message, { field: fault.field });
	const answer = (await response.json()) as Record<string, unknown>;
	return { answer, cookies: response.headers.getSetCookie() };
}

const WRONG_PASSWORD = { message: 'This is not your password. Nothing was changed.', field: 'password' };
const WRONG_CODE = {
	message: 'This code is not right, or it is too old. Type the one your app shows now.',
	field: 'code'
};

/** Makes a secret that counts for nothing until a code of it was typed. */
export async function prepareTwoFactor(
	auth: Auth,
	caller: SignedInCaller,
	password: string
): Promise<TwoFactorSetup> {
	const { answer } = await ask(auth, '/two-factor/enable', caller, { password }, WRONG_PASSWORD);
	return { totpUri: String(answer['totpURI']) };
}

/** @returns the cookies of the session that takes the old one's place, and the backup codes, to be shown once */
export async function confirmTwoFactor(
	auth: Auth,
	caller: SignedInCaller,
	{ code, userId }: { code: string; userId: string }
): Promise<{ cookies: string[]; backupCodes: string[] }> {
	const { cookies } = await ask(auth, '/two-factor/verify-totp', caller, { code }, WRONG_CODE);
	const { backupCodes } = await auth.api.viewBackupCodes({ body: { userId } });
	return { cookies, backupCodes };
}

/** @returns the cookies of the session that takes the old one's place */
export async function disableTwoFactor(
	auth: Auth,
	caller: SignedInCaller,
	password: string
): Promise<string[]> {
	return (await ask(auth, '/two-factor/disable', caller, { password }, WRONG_PASSWORD)).cookies;
}

/** The old ones stop working. */
export async function renewBackupCodes(
	auth: Auth,
	caller: SignedInCaller,
	password: string
): Promise<string[]> {
	const path = '/two-factor/generate-backup-codes';
	const { answer } = await ask(auth, path, caller, { password }, WRONG_PASSWORD);
	return Array.isArray(answer['backupCodes']) ? answer['backupCodes'].map(String) : [];
}
