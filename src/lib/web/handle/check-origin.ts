// Cross-site requests that change something are refused here, whatever their content type: Kit's own check covers
// forms only, and its list is fixed at build time.
import type { Handle } from '@sveltejs/kit';
import type { Side } from '../side.ts';
import { REFUSAL_HEADER } from '../errors.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The only address of one host that another host may post to: the agency page hands over the start code there. */
export const ENTRY_PATH = '/enter';

type Origins = { agencyOrigin: string; portalOrigin: string; replayOrigin: string };

/** Whether a changing request may proceed. A missing Origin is no browser of ours: deny by default. */
export function isOwnRequest(
	request: { method: string; path: string; origin: string | null; fetchSite: string | null },
	side: Side,
	origins: Origins
): boolean {
	if (READING.has(request.method)) return true;
	if (side === 'portal' && request.path === ENTRY_PATH) return request.origin === origins.agencyOrigin;
	const own = { agency: origins.agencyOrigin, portal: origins.portalOrigin, replay: null }[side];
	if (own === null || request.origin !== own) return false;
	// A browser that knows better than the Origin header (a sandboxed or rewritten request) is believed.
	return request.fetchSite === null || request.fetchSite === 'same-origin';
}

export const checkOrigin: Handle = ({ event, resolve }) => {
	const { request, url, locals } = event;
	const isOwn = isOwnRequest(
		{
			method: request.method,
			path: url.pathname,
			origin: request.headers.get('origin'),
			fetchSite: request.headers.get('sec-fetch-site')
		},
		locals.side,
		locals.app.config
	);
	if (isOwn) return resolve(event);
	return new Response('This request came from another site, so nothing was changed.', {
		status: 403,
		headers: { [REFUSAL_HEADER]: 'not_allowed', 'content-type': 'text/plain; charset=utf-8' }
	});
};
