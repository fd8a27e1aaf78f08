// Sign-in of both sides, and the contexts their pages start from.
import { createAuth } from '../sign-in/auth.ts';
import { sessionOf, signIn, signOut } from '../sign-in/sessions.ts';
import { readContactContext } from '../usecases/sign-in/read-contact-context.ts';
import { readStaffContext } from '../usecases/sign-in/read-staff-context.ts';
import type { Parts } from './parts.ts';

export function composeSignIn({ db, ids, config, secret }: Parts) {
	const newId = () => ids.uuid();
	const { agencyOrigin, portalOrigin } = config;
	const agency = createAuth({ db, side: 'agency', origin: agencyOrigin, secret, newId });
	const portal = createAuth({ db, side: 'portal', origin: portalOrigin, secret, newId });
	const attempt = (email: string, password: string, address: string) => ({ email, password, address });
	return {
		staffSession: (cookie: string | null | undefined) => sessionOf(agency, cookie),
		contactSession: (cookie: string | null | undefined) => sessionOf(portal, cookie),
		signInStaff: (email: string, password: string, address: string) =>
			signIn(agency, { origin: agencyOrigin, ...attempt(email, password, address) }),
		signInContact: (email: string, password: string, address: string) =>
			signIn(portal, { origin: portalOrigin, ...attempt(email, password, address) }),
		signOutStaff: (cookie: string) => signOut(agency, agencyOrigin, cookie),
		signOutContact: (cookie: string) => signOut(portal, portalOrigin, cookie),
		readStaffContext: readStaffContext({ db }),
		readContactContext: readContactContext({ db })
	};
}
