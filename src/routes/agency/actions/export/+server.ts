import type { RequestHandler } from '@sveltejs/kit';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { answerWith, readForm, requireStaff } from '#web/guard.ts';

/** A post, since it is logged: a link could be followed by a page that only wants to be ready. */
export const POST: RequestHandler = async (event) => {
	const { actor } = requireStaff(event);
	const { app, origin } = event.locals;
	try {
		const filters = actionFilters.parse(Object.fromEntries(await readForm(event.request)));
		const body = await app.agency.exportActions(actor, filters, origin);
		return new Response(body, {
			headers: {
				'content-type': 'text/csv; charset=utf-8',
				'content-disposition': 'attachment; filename="actions.csv"',
				'x-content-type-options': 'nosniff'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
