import { answerPacked } from '#web/answer-packed.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/**
 * What of a page is in no block yet, in the form of one. The headers say what it begins with, the number of its last batch
 * and whether to ask on with `?from=` the next one: a long rest comes in several answers.
 */
export const GET: RequestHandler = async (event) => {
	// Reviewers, and whoever watches it now and looks back: the use case tells them from others.
	const { actor } = requireStaff(event);
	const { id, pageId } = event.params;
	const from = Number(event.url.searchParams.get('from') ?? 0);
	try {
		const tail = await event.locals.app.recordings.readTail(actor, { impersonationId: id, pageId, from });
		return await answerPacked(event.request, tail.payload, {
			'x-switchback-checkpoint': tail.checkpoint,
			'x-switchback-last-seq': String(tail.lastSeq),
			'x-switchback-more': String(tail.isCut)
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
