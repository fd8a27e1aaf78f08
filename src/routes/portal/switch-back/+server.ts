import { redirect, type RequestHandler } from '@sveltejs/kit';
import { isUuid, type ImpersonationId } from '#domain/ids.ts';
import { IMPERSONATION_COOKIE, IMPERSONATION_COOKIE_OPTIONS } from '#server/sign-in/impersonation-cookie.ts';
import { readForm } from '#web/guard.ts';

/** How long the dead cookie stays, so that the other tabs, told by the hub, show the end page and not a sign-in. */
const LAST_SECONDS = 15;

/** The impersonation that the pressing page belongs to, as its banner names it; none when it is not said. */
async function namedBy(request: Request): Promise<string | null> {
	const named = (await readForm(request).catch(() => null))?.get('impersonation');
	return typeof named === 'string' && isUuid(named) ? named : null;
}

/** Switch Back: outside all guards, works when it is over already; restores nothing, the agency host never left. */
export const POST: RequestHandler = async ({ request, cookies, locals }) => {
	const { app, inside } = locals;
	const named = await namedBy(request);
	// A tab that outlived its impersonation leads back to where that one began, and the newer one goes on.
	if (inside && named && named !== inside.actor.impersonationId) {
		const old = await app.impersonation.readEnding(inside.actor.agencyId, named as ImpersonationId);
		redirect(303, app.config.agencyOrigin + (old?.returnTo ?? '/clients'));
	}
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
