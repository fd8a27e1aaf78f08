import { answerPacked } from '#web/answer-packed.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** What of a page is in no block yet, in the form of one; the header says what it begins with. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const { id, pageId } = event.params;
	try {
		const tail = await event.locals.app.recordings.readTail(actor, { impersonationId: id, pageId });
		return await answerPacked(event.request, tail.payload, { 'x-switchback-checkpoint': tail.checkpoint });
	} catch (caught) {
		return answerWith(caught);
	}
};
