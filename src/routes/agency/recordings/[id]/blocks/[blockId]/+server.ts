import { answerPacked } from '#web/answer-packed.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** One block of a recording, opened: what recorder/format/block-payload.ts reads. */
export const GET: RequestHandler = async (event) => {
	// Reviewers, and whoever watches it now and looks back: the use case tells them from others.
	const { actor } = requireStaff(event);
	const { id, blockId } = event.params;
	try {
		const payload = await event.locals.app.recordings.readBlock(actor, { impersonationId: id, blockId });
		return await answerPacked(event.request, payload);
	} catch (caught) {
		return answerWith(caught);
	}
};
