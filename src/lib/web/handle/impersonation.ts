// What an impersonation adds to a portal request: the end page once it is over, a page for each document, and a view
// for all that is shown, written before the answer leaves.
import type { Handle, RequestEvent } from '@sveltejs/kit';
import type { ImpersonationActor } from '#domain/actor.ts';
import { isAppError } from '#domain/errors.ts';
import { may } from '#domain/visibility.ts';
import { zoneAreaOf } from '#domain/zones.ts';
import { REFUSAL_HEADER } from '../errors.ts';
import { answerWith } from '../guard.ts';
import { ENTRY_PATH } from './check-origin.ts';
import { isOver } from './identify.ts';

/** Ways in and out, open in every state: a dead cookie must neither hold anyone nor keep the next start from entering. */
const EXITS = new Set([ENTRY_PATH, '/leave', '/switch-back', '/impersonation-ended']);

const wantsDocument = ({ request, isDataRequest }: RequestEvent): boolean =>
	!isDataRequest && (request.headers.get('accept') ?? '').includes('text/html');

/** 410: the end page for a document, a short answer for everything else (contract.md §Names). */
export async function answerOver(event: RequestEvent, message: string): Promise<Response> {
	const headers = { [REFUSAL_HEADER]: 'impersonation_over', 'cache-control': 'no-store' };
	if (!wantsDocument(event))
		return Response.json({ code: 'impersonation_over', message }, { status: 410, headers });
	const page = await event.fetch('/impersonation-ended', { headers: { accept: 'text/html' } });
	const answer = new Response(page.body, { status: 410, headers: page.headers });
	for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
	return answer;
}

async function finish({ locals }: RequestEvent): Promise<void> {
	const { inside } = locals;
	if (inside?.over)
		await locals.app.impersonation.end(null, {
			impersonationId: inside.actor.impersonationId,
			reason: inside.over
		});
}

async function refuseCredentials(event: RequestEvent, actor: ImpersonationActor): Promise<Response> {
	try {
		await event.locals.app.impersonation.touchCredentials(actor, event.locals.origin);
	} catch (caught) {
		return answerWith(caught);
	}
	throw new Error('The gate let a forbidden action through.');
}

const fileRoute = /\/(download|preview)$/;

function viewKind(event: RequestEvent, response: Response): 'page' | 'data' | 'file' | null {
	if (response.status >= 300 && response.status < 400) return null;
	if (event.isDataRequest) return 'data';
	if (fileRoute.test(event.route.id ?? '')) return 'file';
	return (response.headers.get('content-type') ?? '').startsWith('text/html') ? 'page' : null;
}

/** What Kit puts around a load that threw. In a string the quotes would be escaped. */
const THREW = '{"type":"error"';

/**
 * Data is answered with 200 even where its load said 403 or 404: that stands inside, for the page's script. Attack: whoever goes
 * through a hidden section from page to page leaves the same trace as one to whom it was shown.
 */
async function statusOf(event: RequestEvent, response: Response): Promise<number> {
	const isJson = response.headers.get('content-type') === 'application/json';
	if (!event.isDataRequest || !isJson) return response.status;
	const text = await response.clone().text();
	if (!text.includes(THREW)) return response.status;
	const { nodes = [] } = JSON.parse(text) as { nodes?: ({ type: string; status?: number } | null)[] };
	const threw = nodes.find((node) => node?.type === 'error');
	return threw ? (threw.status ?? 500) : response.status;
}

async function writeView(
	event: RequestEvent,
	actor: ImpersonationActor,
	response: Response
): Promise<Response> {
	const kind = viewKind(event, response);
	if (!kind) return response;
	const address = event.url.pathname + event.url.search;
	try {
		await event.locals.app.impersonation.writeView(
			{ ...actor, pageId: event.locals.page?.pageId ?? null },
			{ kind, address, subject: event.locals.subject, status: await statusOf(event, response) }
		);
		return response;
	} catch (caught) {
		// It ended while the answer was made: what was rendered must not leave any more.
		if (isAppError(caught) && caught.code === 'impersonation_over') return answerOver(event, caught.message);
		throw caught;
	}
}

/** Going to a section that wants a second person calls one, if nobody is there. */
async function goTo({ locals, url, request }: RequestEvent, actor: ImpersonationActor): Promise<void> {
	const area = zoneAreaOf(url.pathname);
	const { inside, portal, page } = locals;
	if (!area || !inside || !portal || request.method !== 'GET') return;
	if (!may(area, { ...portal.view, locked: [] }, 'see')) return;
	const by = { ...actor, pageId: page?.pageId ?? actor.pageId };
	try {
		await locals.app.impersonation.enterZone(by, { area, zones: inside.zones, origin: locals.origin });
	} catch (caught) {
		// It ended meanwhile: writing the view says so, to whom it is told in the right form.
		if (!isAppError(caught) || caught.code !== 'impersonation_over') throw caught;
	}
}

export const handleImpersonation: Handle = async ({ event, resolve }) => {
	const { locals, url } = event;
	if (!locals.impersonating || EXITS.has(url.pathname)) return resolve(event);
	if (isOver(locals.inside)) {
		await finish(event);
		return answerOver(event, 'This impersonation is over.');
	}
	const actor = locals.portal?.actor;
	if (actor?.kind !== 'impersonation') return answerOver(event, 'This impersonation is over.');
	// The sign-in library is not mounted at all; asking for it while impersonating is evidence, so it is logged.
	if (url.pathname.startsWith('/api/auth')) return refuseCredentials(event, actor);
	if (locals.staleTab && event.request.method === 'GET')
		return answerOver(event, 'This tab belongs to another impersonation. Reload it.');
	if (wantsDocument(event))
		locals.page = await locals.app.impersonation.openPage(actor, url.pathname + url.search);
	await goTo(event, actor);
	return writeView(event, actor, await resolve(event));
};
