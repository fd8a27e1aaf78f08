import { redirect, type RequestHandler } from '@sveltejs/kit';
import { IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS } from '#server/sign-in/impersonation-cookie.ts';

/** Leaves a dead impersonation: forgets its cookie. A live one is left by Switch Back only, never by following a link. */
export const GET: RequestHandler = async ({ cookies, locals, url }) => {
	const { app, inside } = locals;
	if (inside && !inside.over) redirect(303, '/');
	cookies.delete(IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS);
	if (!inside) redirect(303, `${app.config.agencyOrigin}/clients`);
	const { agencyId, impersonationId } = inside.actor;
	const ending = await app.impersonation.readEnding(agencyId, impersonationId);
	const back = ending?.returnTo ?? '/clients';
	const restart = `/clients/${ending?.clientId}?restart=${impersonationId}`;
	redirect(303, app.config.agencyOrigin + (url.searchParams.has('restart') && ending ? restart : back));
};
