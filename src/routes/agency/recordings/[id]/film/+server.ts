import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** Which blocks the pages of a recording are made of now, for a player that has it open. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'review');
	try {
		const film = await event.locals.app.recordings.readFilm(actor, { impersonationId: event.params.id });
		return Response.json(film, { headers: { 'cache-control': 'no-store' } });
	} catch (caught) {
		return answerWith(caught);
	}
};
