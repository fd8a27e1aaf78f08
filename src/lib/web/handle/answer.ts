// What every answer gets: security headers, the library's cookies, and the status of a refusal.
import { dev } from '$app/environment';
import type { Handle } from '@sveltejs/kit';
import { accentStyle } from '#domain/accent.ts';
import type { Config } from '#server/config.ts';
import { HTTP, REFUSAL_HEADER } from '../errors.ts';
import type { Side } from '../side.ts';

/** How long a browser remembers that we speak https only: two years, as the preload list asks. */
const HSTS = 'max-age=63072000; includeSubDomains';

/** In development Vite swaps pages over a socket of its own port. */
const SWAPPING = dev ? ' ws://localhost:*' : '';

const socketOf = (origin: string): string => origin.replace(/^http/, 'ws') + SWAPPING;

/** What Kit's nonce policy leaves open because it is known only at start. */
function policyTail(side: Side, config: Config): string {
	if (side === 'agency')
		return `connect-src 'self' ${socketOf(config.agencyOrigin)}; frame-src ${config.replayOrigin}; form-action 'self' ${config.portalOrigin}; frame-ancestors 'none'`;
	return `connect-src 'self' ${socketOf(config.portalOrigin)}; frame-src 'none'; form-action 'self' ${config.agencyOrigin}; frame-ancestors 'none'`;
}

/**
 * The player's frame: a recording that slipped a script or an address through finds nothing to run and nobody to call
 * (recording.md §5.7). Fonts come from our own build, since recorded styles name them; pictures from the asset store alone.
 */
const replayPolicy = (nonces: string, config: Config): string =>
	[
		"default-src 'none'",
		`script-src 'self' ${nonces}`.trim(),
		"style-src 'unsafe-inline'",
		`style-src-elem 'unsafe-inline' ${config.replayOrigin}/_app/`,
		`img-src data: blob: ${config.replayOrigin}/favicon.svg ${config.replayOrigin}/asset/`,
		`font-src data: ${config.replayOrigin}/_app/ ${config.replayOrigin}/asset/`,
		"connect-src 'none'",
		"frame-src 'none'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${config.agencyOrigin}`
	].join('; ');

function contentPolicy(kits: string, side: Side, config: Config): string {
	const nonces = [...new Set(kits.match(/'nonce-[^']+'/g))].join(' ');
	return side === 'replay' ? replayPolicy(nonces, config) : `${kits}; ${policyTail(side, config)}`;
}

/** The agency's accent, on the root: dialogs and menus that leave the page's own tree must have it too. */
const lookOf = ({ staff, portal }: App.Locals): string =>
	accentStyle((staff?.agency ?? portal?.agency)?.accent ?? null);

export const answer: Handle = async ({ event, resolve }) => {
	const { locals } = event;
	const { config } = locals.app;
	let response = await resolve(event, {
		transformPageChunk: ({ html }) =>
			html.replace('%switchback.side%', locals.side).replace('%switchback.look%', lookOf(locals))
	});
	if (locals.refusal) {
		// Kit answers an enhanced form with 200 and the status inside; a refusal must be one for every caller.
		const status = response.ok ? HTTP[locals.refusal].status : response.status;
		response = new Response(response.body, { status, headers: response.headers });
		response.headers.set(REFUSAL_HEADER, HTTP[locals.refusal].refusal ?? locals.refusal);
	}
	const { headers } = response;
	const kits = headers.get('content-security-policy');
	// Kit's pages only: files bring a stricter policy of their own, and the end page, which was answered by a request
	// inside this one, carries its whole policy already.
	if (kits?.includes('script-src') && !kits.includes('frame-ancestors'))
		headers.set('content-security-policy', contentPolicy(kits, locals.side, config));
	headers.set('x-content-type-options', 'nosniff');
	// `no-referrer` would turn the Origin of native form posts into "null" and our own forms into 403 (stack.md).
	headers.set('referrer-policy', 'strict-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	// Attack: our hosts may be neighbours under one domain, whose pages are sent with cookies; none may embed our answers.
	headers.set('cross-origin-resource-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
	if (config.agencyOrigin.startsWith('https:')) headers.set('strict-transport-security', HSTS);
	if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
	for (const cookie of locals.setCookies) headers.append('set-cookie', cookie);
	return response;
};
