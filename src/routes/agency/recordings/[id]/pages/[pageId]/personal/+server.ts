import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** The words behind the blocks of one page, for whoever has unmasked the recording. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'unmask');
	const { id, pageId } = event.params;
	try {
		const personal = await event.locals.app.recordings.readPersonal(actor, { impersonationId: id, pageId });
		return Response.json(personal, { headers: { 'cache-control': 'no-store' } });
	} catch (caught) {
		return answerWith(caught);
	}
};
