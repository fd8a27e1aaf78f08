import { redirect, type RequestHandler } from '@sveltejs/kit';
import { IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS } from '#server/sign-in/impersonation-cookie.ts';

/** Switch Back: outside all guards, works when it is over already; restores nothing, the agency host never left. */
export const POST: RequestHandler = async ({ cookies, locals }) => {
	const { app, inside } = locals;
	cookies.delete(IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS);
	if (!inside) redirect(303, `${app.config.agencyOrigin}/clients`);
	const { actor } = inside;
	await app.impersonation.end(actor, { impersonationId: actor.impersonationId, reason: 'switch_back' });
	const ending = await app.impersonation.readEnding(actor.agencyId, actor.impersonationId);
	redirect(303, app.config.agencyOrigin + (ending?.returnTo ?? '/clients'));
};
