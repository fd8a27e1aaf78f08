import type { RequestEvent } from '@sveltejs/kit';

/** Sends the sign-in library's own Set-Cookie lines with the answer; Kit's jar would rewrite them. */
export const forwardCookies = (event: Pick<RequestEvent, 'locals'>, cookies: readonly string[]): void => {
	event.locals.setCookies.push(...cookies);
};
