// Sign-in of both sides, and the contexts their pages start from.
import { sql } from 'drizzle-orm';
import { createAttempts } from '../sign-in/attempts.ts';
import { createAuth, type Side } from '../sign-in/auth.ts';
import { sessionOf, signIn, signInWithCode, signOut, type SignedIn } from '../sign-in/sessions.ts';
import { readContactContext } from '../usecases/sign-in/read-contact-context.ts';
import { readStaffContext } from '../usecases/sign-in/read-staff-context.ts';
import type { Parts } from './parts.ts';

/** "Last used" is told to the minute or so; a write at every request would be dear. */
const TOUCH_AFTER_MS = 5 * 60_000;

type Came = { address: string; userAgent?: string | null };

function composeSide({ db, ids, config, secret, clock }: Parts, side: Side) {
	const newId = () => ids.uuid();
	const origin = side === 'agency' ? config.agencyOrigin : config.portalOrigin;
	const table = sql.identifier(side === 'agency' ? 'staff_session' : 'contact_session');
	const auth = createAuth({ db, side, origin, secret, newId });
	const attempts = createAttempts({ db, side, newId });
	const callerOf = ({ address, userAgent }: Came) => ({ origin, address, userAgent: userAgent ?? null });
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
		signIn: (email: string, password: string, came: Came) =>
			signIn(auth, attempts, { ...callerOf(came), email, password }),
		signInWithCode: (code: string, cookie: string, came: Came) =>
			signInWithCode(auth, { ...callerOf(came), code, cookie }),
		signOut: (cookie: string, came: Came) => signOut(auth, { ...callerOf(came), cookie })
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
		signOutStaff: agency.signOut,
		signOutContact: portal.signOut,
		readStaffContext: readStaffContext({ db }),
		readContactContext: readContactContext({ db })
	};
}
