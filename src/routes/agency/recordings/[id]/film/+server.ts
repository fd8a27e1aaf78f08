import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** Which blocks the pages of a recording are made of now, for a player that has it open. */
export const GET: RequestHandler = async (event) => {
	// Reviewers, and whoever watches it now and looks back: the use case tells them from others.
	const { actor } = requireStaff(event);
	try {
		const film = await event.locals.app.recordings.readFilm(actor, { impersonationId: event.params.id });
		return Response.json(film, { headers: { 'cache-control': 'no-store' } });
	} catch (caught) {
		return answerWith(caught);
	}
};
