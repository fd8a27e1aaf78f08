// Whether a page elsewhere led the browser here, asked where looking is a deed that is logged.
import { redirect, type RequestEvent } from '@sveltejs/kit';

const HERE: ReadonlySet<string | null> = new Set([
	'same-origin',
	// An address that somebody typed, or kept.
	'none',
	// Not told: an old browser, or plain HTTP.
	null
]);

/**
 * Attack: a link elsewhere makes a reviewer search for its words, and the log says that they did. The portal, where clients write, may
 * share its site with the agency's host: so "same-site" is elsewhere, too.
 */
export const isFromElsewhere = ({ headers }: Request): boolean => !HERE.has(headers.get('sec-fetch-site'));

/**
 * Takes words that came from elsewhere out of the address. Attack: left in it, they are searched for after all, with what is asked for
 * next: once the reviewer has signed in, or has sent a form of the page.
 */
export function dropForeignWords(
	{ request, url }: Pick<RequestEvent, 'request' | 'url'>,
	name: string
): void {
	if (!isFromElsewhere(request) || !url.searchParams.has(name)) return;
	const kept = new URLSearchParams(url.searchParams);
	kept.delete(name);
	redirect(303, kept.size === 0 ? url.pathname : `${url.pathname}?${kept.toString()}`);
}
