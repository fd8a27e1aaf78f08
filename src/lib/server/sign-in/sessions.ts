// From a cookie to a person. The only code path that resolves a signed-in identity.
import type { Auth } from './auth.ts';

export type SignedIn = { userId: string; sessionId: string };

/** The session a Cookie header names, or null. A bearer header is never looked at: a cookie is the only way in. */
export async function sessionOf(
	auth: Auth,
	cookieHeader: string | null | undefined
): Promise<SignedIn | null> {
	if (!cookieHeader) return null;
	const found = await auth.api.getSession({ headers: new Headers({ cookie: cookieHeader }) });
	return found ? { userId: found.user.id, sessionId: found.session.id } : null;
}

export type SignInAnswer =
	{ ok: true; cookies: string[] } | { ok: false; reason: 'wrong' | 'too_many' | 'unavailable' };

type Attempt = { origin: string; address: string; email: string; password: string };

/** Signs in through the library's own handler, so that its rate limit counts the attempt. */
export async function signIn(
	auth: Auth,
	{ origin, address, email, password }: Attempt
): Promise<SignInAnswer> {
	const response = await auth.handler(
		new Request(`${origin}/api/auth/sign-in/email`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin, 'x-switchback-address': address },
			body: JSON.stringify({ email: email.trim().toLowerCase(), password })
		})
	);
	if (response.ok) return { ok: true, cookies: response.headers.getSetCookie() };
	if (response.status === 429) return { ok: false, reason: 'too_many' };
	return { ok: false, reason: response.status >= 500 ? 'unavailable' : 'wrong' };
}

/** Ends the session of this cookie. @returns the cookies that clear it */
export async function signOut(auth: Auth, origin: string, cookieHeader: string): Promise<string[]> {
	const response = await auth.handler(
		new Request(`${origin}/api/auth/sign-out`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin, cookie: cookieHeader },
			body: '{}'
		})
	);
	return response.headers.getSetCookie();
}
