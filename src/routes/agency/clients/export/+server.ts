import type { RequestHandler } from '@sveltejs/kit';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { readForm, answerWith, requireStaff } from '#web/guard.ts';

/** A post, since it is logged: a link could be followed by a page that only wants to be ready. */
export const POST: RequestHandler = async (event) => {
	const { actor } = requireStaff(event);
	const { app, origin } = event.locals;
	try {
		const filters = clientFilters.parse(Object.fromEntries(await readForm(event.request)));
		const body = await app.clients.exportList(actor, filters, origin);
		return new Response(body, {
			headers: {
				'content-type': 'text/csv; charset=utf-8',
				'content-disposition': 'attachment; filename="clients.csv"',
				'x-content-type-options': 'nosniff'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
