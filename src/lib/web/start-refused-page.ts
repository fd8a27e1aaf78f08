import { REFUSAL_HEADER } from './errors.ts';

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A page of its own: at this point there is neither an impersonation nor a contact whose portal could frame it. */
export const startRefusedPage = (sentence: string, agencyOrigin: string): Response =>
	new Response(
		`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Start refused</title><main><h1>Start refused</h1><p>${escape(sentence)}</p>
<p><a href="${escape(agencyOrigin)}/clients">Back to the agency</a></p></main></html>`,
		{
			status: 403,
			headers: {
				'content-type': 'text/html; charset=utf-8',
				'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
				[REFUSAL_HEADER]: 'not_allowed'
			}
		}
	);
