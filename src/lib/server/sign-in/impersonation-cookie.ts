// The impersonation's own cookie on the portal host. Host-only by its prefix: no other host can set or read it.
import { createHash } from 'node:crypto';

/** Chromium and Firefox take a Secure cookie on loopback http too; Safari does not (README). */
export const IMPERSONATION_COOKIE = '__Host-impersonation';

/** Lax, not Strict: the redirect after the agency's cross-site POST must arrive with the cookie (design.md §4). */
export const IMPERSONATION_COOKIE_OPTIONS = {
	path: '/',
	httpOnly: true,
	secure: true,
	sameSite: 'lax'
} as const;

/** Only the hash of a secret is stored: whoever reads the database cannot use it. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** The token out of a raw Cookie header, or null. */
export function readImpersonationToken(cookieHeader: string | undefined): string | null {
	for (const part of (cookieHeader ?? '').split(';')) {
		const [name, ...value] = part.trim().split('=');
		if (name === IMPERSONATION_COOKIE) return value.join('=') || null;
	}
	return null;
}
