// Cookie → actor, origin checks, headers; each step is a file of src/lib/web/handle.
import { sequence } from '@sveltejs/kit/hooks';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import { isAppError } from '#domain/errors.ts';
import { getApp } from '#web/app.ts';
import { answer } from '#web/handle/answer.ts';
import { checkOrigin } from '#web/handle/check-origin.ts';
import { identify } from '#web/handle/identify.ts';
import { handleImpersonation } from '#web/handle/impersonation.ts';
import { sideOf } from '#web/side.ts';

const begin: Handle = ({ event, resolve }) => {
	Object.assign(event.locals, {
		side: sideOf(event.url),
		app: getApp(),
		origin: { ip: event.getClientAddress(), userAgent: event.request.headers.get('user-agent') },
		staff: null,
		portal: null,
		inside: null,
		impersonating: false,
		staleTab: false,
		page: null,
		subject: null,
		refusal: null,
		setCookies: []
	} satisfies App.Locals);
	// PostgreSQL keeps no NUL: looked for in there, one out of an address would be an error of ours.
	if (/%00/.test(event.url.pathname + event.url.search))
		return new Response('There is no such address.', { status: 400 });
	return resolve(event);
};

export const handle = sequence(begin, answer, checkOrigin, identify, handleImpersonation);

export const handleError: HandleServerError = ({ error, event, status, message }) => {
	if (status === 404) return { message: 'There is no such page.' };
	const errorId = crypto.randomUUID();
	const { log } = getApp();
	// Never the request's values: form fields and tickets would end up in the log [G4].
	log.error({ event: 'web.error', errorId, route: event.route.id, status, err: error }, message);
	if (isAppError(error)) return { message: error.message, code: error.code, errorId };
	return {
		message: 'Something went wrong on our side. Try again, or tell your agency this number.',
		errorId
	};
};
