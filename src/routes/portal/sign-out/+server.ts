import { redirect, type RequestHandler } from '@sveltejs/kit';
import { forwardCookies } from '#web/sign-in-cookies.ts';

/** Signs the contact out. While impersonating there is no contact's session to end: Switch Back is the way out. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.impersonating)
		forwardCookies(
			event,
			await event.locals.app.signIn.signOutContact(event.request.headers.get('cookie') ?? '')
		);
	redirect(303, event.locals.impersonating ? '/' : '/login');
};
