// Sign-in of both sides, and the contexts their pages start from.
import { sql } from 'drizzle-orm';
import { createAttempts } from '../sign-in/attempts.ts';
import { createAuth, type Side } from '../sign-in/auth.ts';
import {
	sessionOf,
	signIn,
	signInWithCode,
	signOut,
	type SignedIn,
	type SignInAnswer
} from '../sign-in/sessions.ts';
import { explainClosed } from '../usecases/sign-in/explain-closed.ts';
import { noteSession } from '../usecases/sign-in/note-session.ts';
import { readContactContext } from '../usecases/sign-in/read-contact-context.ts';
import { readStaffContext } from '../usecases/sign-in/read-staff-context.ts';
import type { Parts } from './parts.ts';

/** "Last used" is told to the minute or so; a write at every request would be dear. */
const TOUCH_AFTER_MS = 5 * 60_000;

type Came = { address: string; userAgent?: string | null };

/** What a browser would send back of the cookies it was just given. */
const sentBack = (cookies: readonly string[]): string =>
	cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');

function composeSide({ db, act, ids, config, secret, clock }: Parts, side: Side) {
	const newId = () => ids.uuid();
	const origin = side === 'agency' ? config.agencyOrigin : config.portalOrigin;
	const table = sql.identifier(side === 'agency' ? 'staff_session' : 'contact_session');
	const auth = createAuth({ db, side, origin, secret, newId });
	const attempts = createAttempts({ db, side, newId });
	const callerOf = ({ address, userAgent }: Came) => ({ origin, address, userAgent: userAgent ?? null });
	const note = noteSession({ act, db });
	const originOf = ({ address, userAgent }: Came) => ({ ip: address, userAgent: userAgent ?? null });
	/** In the log before the cookie leaves: nobody is in whose coming is not noted. */
	const noted = async (answer: SignInAnswer, came: Came, secondFactor: boolean): Promise<SignInAnswer> => {
		const found = answer.ok ? await sessionOf(auth, sentBack(answer.cookies)) : null;
		if (found) await note(side, found, { what: 'in', secondFactor }, originOf(came));
		return answer;
	};
	const touch = async ({ sessionId, lastUsedAt }: SignedIn): Promise<void> => {
		if (clock.now() - lastUsedAt.getTime() < TOUCH_AFTER_MS) return;
		await db.execute(sql`UPDATE ${table} SET updated_at = clock_timestamp() WHERE id = ${sessionId}`);
	};
	return {
		async session(cookie: string | null | undefined): Promise<SignedIn | null> {
			const found = await sessionOf(auth, cookie);
			if (found) await touch(found);
			return found;
		},
		signIn: async (email: string, password: string, came: Came) =>
			noted(await signIn(auth, attempts, { ...callerOf(came), email, password }), came, false),
		signInWithCode: async (code: string, cookie: string, came: Came) =>
			noted(await signInWithCode(auth, { ...callerOf(came), code, cookie }), came, true),
		async signOut(cookie: string, came: Came): Promise<string[]> {
			const found = await sessionOf(auth, cookie);
			// Out first, whatever becomes of the row: who signs out at a shared computer must be out.
			const cookies = await signOut(auth, { ...callerOf(came), cookie });
			if (found) await note(side, found, { what: 'out' }, originOf(came));
			return cookies;
		}
	};
}

export function composeSignIn(parts: Parts) {
	const { db } = parts;
	const agency = composeSide(parts, 'agency');
	const portal = composeSide(parts, 'portal');
	return {
		staffSession: agency.session,
		contactSession: portal.session,
		signInStaff: (email: string, password: string, address: string, userAgent?: string | null) =>
			agency.signIn(email, password, { address, userAgent: userAgent ?? null }),
		signInContact: (email: string, password: string, address: string, userAgent?: string | null) =>
			portal.signIn(email, password, { address, userAgent: userAgent ?? null }),
		signInStaffWithCode: agency.signInWithCode,
		signInContactWithCode: portal.signInWithCode,
		explainClosed: explainClosed({ db }),
		signOutStaff: agency.signOut,
		signOutContact: portal.signOut,
		readStaffContext: readStaffContext({ db }),
		readContactContext: readContactContext({ db })
	};
}
