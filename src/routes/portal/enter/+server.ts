import { redirect, type RequestHandler } from '@sveltejs/kit';
import { isAppError } from '#domain/errors.ts';
import { IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS } from '#server/sign-in/impersonation-cookie.ts';
import { readForm } from '#web/guard.ts';
import { startRefusedPage } from '#web/start-refused-page.ts';

/** Redeems the start code that the agency's page posts here; the only address that takes another host's POST. */
export const POST: RequestHandler = async ({ request, cookies, locals }) => {
	let entered;
	try {
		const code = (await readForm(request)).get('code');
		entered = await locals.app.impersonation.enter(typeof code === 'string' ? code : '', locals.origin);
	} catch (caught) {
		if (isAppError(caught)) return startRefusedPage(caught.message, locals.app.config.agencyOrigin);
		throw caught;
	}
	cookies.set(IMPERSONATION_COOKIE, entered.token, IMPERSONATION_COOKIE_OPTIONS);
	redirect(303, entered.enterAt);
};
