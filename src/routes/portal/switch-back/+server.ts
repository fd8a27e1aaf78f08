import { redirect, type RequestHandler } from '@sveltejs/kit';
import { IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS } from '#server/sign-in/impersonation-cookie.ts';

/** How long the dead cookie stays, so that the other tabs, told by the hub, show the end page and not a sign-in. */
const LAST_SECONDS = 15;

/** Switch Back: outside all guards, works when it is over already; restores nothing, the agency host never left. */
export const POST: RequestHandler = async ({ cookies, locals }) => {
	const { app, inside } = locals;
	if (!inside) {
		cookies.delete(IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS);
		redirect(303, `${app.config.agencyOrigin}/clients`);
	}
	const { actor } = inside;
	await app.impersonation.end(actor, { impersonationId: actor.impersonationId, reason: 'switch_back' });
	const token = cookies.get(IMPERSONATION_COOKIE) ?? '';
	cookies.set(IMPERSONATION_COOKIE, token, { ...IMPERSONATION_COOKIE_OPTIONS, maxAge: LAST_SECONDS });
	const ending = await app.impersonation.readEnding(actor.agencyId, actor.impersonationId);
	redirect(303, app.config.agencyOrigin + (ending?.returnTo ?? '/clients'));
};
