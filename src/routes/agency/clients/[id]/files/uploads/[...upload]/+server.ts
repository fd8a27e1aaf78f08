import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** Uploads in pieces (tus 1.0) into one client's storage, asked about before any byte is taken, as in the portal. */
const answer: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'files.manage');
	const { app, origin } = event.locals;
	try {
		return await app.files.answerUpload(event.request, actor, origin, event.params.id);
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
