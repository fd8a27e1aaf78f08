import { redirect, type RequestHandler } from '@sveltejs/kit';
import { forwardCookies } from '#web/sign-in-cookies.ts';

/** Signs the contact out. While impersonating there is no contact's session to end: Switch Back is the way out. */
export const POST: RequestHandler = async (event) => {
	const { app, impersonating, origin } = event.locals;
	if (impersonating) redirect(303, '/');
	const came = { address: origin.ip ?? 'unknown', userAgent: origin.userAgent };
	forwardCookies(event, await app.signIn.signOutContact(event.request.headers.get('cookie') ?? '', came));
	redirect(303, '/login');
};
