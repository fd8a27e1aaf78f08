import { redirect, type RequestHandler } from '@sveltejs/kit';
import { forwardCookies } from '#web/sign-in-cookies.ts';

/** Signs the staff member out; what they have running as a client ends with the session it rests on. */
export const POST: RequestHandler = async (event) => {
	const { app, staff, origin } = event.locals;
	const came = { address: origin.ip ?? 'unknown', userAgent: origin.userAgent };
	forwardCookies(event, await app.signIn.signOutStaff(event.request.headers.get('cookie') ?? '', came));
	if (staff) await app.impersonation.endSignedOut(staff.actor);
	redirect(303, '/login');
};
