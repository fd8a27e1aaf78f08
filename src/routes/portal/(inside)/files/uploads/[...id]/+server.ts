import { answerWith, requirePortal } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/**
 * Uploads in pieces (tus 1.0). Each request of the protocol is somebody's: the actor, their page and their right are asked
 * before any byte is taken, as for every other request.
 */
const answer: RequestHandler = async (event) => {
	const { actor } = requirePortal(event, 'files');
	try {
		return await event.locals.app.files.answerUpload(event.request, actor, event.locals.origin);
	} catch (caught) {
		// The browser reads no answer before it has sent everything: what is left is let go.
		event.request.body?.pipeTo(new WritableStream()).catch(() => undefined);
		return answerWith(caught);
	}
};

export const POST = answer;
export const PATCH = answer;
export const HEAD = answer;
export const DELETE = answer;
