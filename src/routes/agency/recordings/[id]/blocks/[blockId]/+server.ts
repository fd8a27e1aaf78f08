import { answerPacked } from '#web/answer-packed.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** A block never changes under its id; an hour is a review, and an erased one is not kept much longer by a browser. */
const KEPT = { 'cache-control': 'private, max-age=3600, immutable' };

/** One block of a recording, opened: what recorder/format/block-payload.ts reads. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const { id, blockId } = event.params;
	try {
		const payload = await event.locals.app.recordings.readBlock(actor, { impersonationId: id, blockId });
		return await answerPacked(event.request, payload, KEPT);
	} catch (caught) {
		return answerWith(caught);
	}
};
