// From a cookie to a person. The only code path that resolves a signed-in identity.
import type { Attempts } from './attempts.ts';
import type { Auth } from './auth.ts';

export type SignedIn = { userId: string; sessionId: string; lastUsedAt: Date };

/** The session a Cookie header names, or null. A bearer header is never looked at: a cookie is the only way in. */
export async function sessionOf(
	auth: Auth,
	cookieHeader: string | null | undefined
): Promise<SignedIn | null> {
	if (!cookieHeader) return null;
	const found = await auth.api.getSession({ headers: new Headers({ cookie: cookieHeader }) });
	return found
		? { userId: found.user.id, sessionId: found.session.id, lastUsedAt: found.session.updatedAt }
		: null;
}

export type SignInAnswer =
	| { ok: true; cookies: string[] }
	/** The password was right; the cookies name the sign-in that waits for its code. */
	| { ok: false; reason: 'second_factor'; cookies: string[] }
	| Refused;

/** `closed`: the password was right, and this person or their account is not active. */
type Refused = { ok: false; reason: 'wrong' | 'too_many' | 'unavailable' | 'closed' };

/** Where a request came from, as the library keeps it with the session. */
export type Caller = { origin: string; address: string; userAgent: string | null };

/** Asks the library's own handler, so that its rate limit and origin check count. */
export const askLibrary = (
	auth: Auth,
	path: string,
	caller: Caller & { cookie?: string },
	body: Record<string, unknown>
): Promise<Response> =>
	auth.handler(
		new Request(`${caller.origin}/api/auth${path}`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				origin: caller.origin,
				'x-switchback-address': caller.address,
				...(caller.userAgent && { 'user-agent': caller.userAgent }),
				...(caller.cookie && { cookie: caller.cookie })
			},
			body: JSON.stringify(body)
		})
	);

/** The library's word for a session that we would not let it make (auth.ts), after the password or code was right. */
const NO_SESSION = 'FAILED_TO_CREATE_SESSION';

async function refusalOf(response: Response): Promise<Refused> {
	const { status } = response;
	if (status === 429) return { ok: false, reason: 'too_many' };
	const answer: unknown = await response.json().catch(() => null);
	if (typeof answer === 'object' && answer && 'code' in answer && answer.code === NO_SESSION)
		return { ok: false, reason: 'closed' };
	return { ok: false, reason: status >= 500 ? 'unavailable' : 'wrong' };
}

type Attempt = Caller & { email: string; password: string };

/** Signs in with a password; who switched two-factor on then still owes a code. */
export async function signIn(auth: Auth, attempts: Attempts, attempt: Attempt): Promise<SignInAnswer> {
	const email = attempt.email.trim().toLowerCase();
	const key = `account:${email}`;
	// Unknown addresses count as known ones do: the answer must not tell them apart.
	if (!(await attempts.take(key))) return { ok: false, reason: 'too_many' };
	const response = await askLibrary(auth, '/sign-in/email', attempt, { email, password: attempt.password });
	if (!response.ok) return refusalOf(response);
	await attempts.forget(key);
	const answer: unknown = await response.json();
	const cookies = response.headers.getSetCookie();
	const waits = typeof answer === 'object' && answer !== null && 'twoFactorRedirect' in answer;
	return waits ? { ok: false, reason: 'second_factor', cookies } : { ok: true, cookies };
}

const SIX_DIGITS = /^\d{6}$/;

/** The second step: the code of the app, or one of the backup codes, beside the cookie of the first step. */
export async function signInWithCode(
	auth: Auth,
	attempt: Caller & { cookie: string; code: string }
): Promise<SignInAnswer> {
	const code = attempt.code.replaceAll(/[\s]/g, '');
	const path = SIX_DIGITS.test(code) ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
	// An own session's cookie must not stand in for the first step.
	const cookie = attempt.cookie
		.split(';')
		.filter((part) => part.includes('-second-factor='))
		.join(';');
	if (!cookie) return { ok: false, reason: 'wrong' };
	const response = await askLibrary(auth, path, { ...attempt, cookie }, { code });
	if (!response.ok) return refusalOf(response);
	return { ok: true, cookies: response.headers.getSetCookie() };
}

/** As a browser is told to drop the cookie. */
const droppedCookie = (name: string): string => `${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`;

/**
 * Ends the session of this cookie, whatever the library answers: who signs out at a shared computer must be out.
 * @returns the cookies that clear it
 */
export async function signOut(auth: Auth, caller: Caller & { cookie: string }): Promise<string[]> {
	const answer = await askLibrary(auth, '/sign-out', caller, {});
	if (answer.ok) return answer.headers.getSetCookie();
	const { authCookies, internalAdapter } = await auth.$context;
	const found = await auth.api.getSession({ headers: new Headers({ cookie: caller.cookie }) });
	if (found) await internalAdapter.deleteSession(found.session.token);
	return [droppedCookie(authCookies.sessionToken.name)];
}
