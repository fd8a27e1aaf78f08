import type { RequestHandler } from '@sveltejs/kit';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { answerWith, readForm, requireStaff } from '#web/guard.ts';

const FILES = {
	csv: { type: 'text/csv; charset=utf-8', name: 'actions.csv' },
	ndjson: { type: 'application/x-ndjson', name: 'actions.ndjson' }
} as const;

/** A post, since it is logged: a link could be followed by a page that only wants to be ready. */
export const POST: RequestHandler = async (event) => {
	const { actor } = requireStaff(event);
	const { app, origin } = event.locals;
	try {
		const fields = Object.fromEntries(await readForm(event.request));
		const form = fields['form'] === 'ndjson' ? 'ndjson' : 'csv';
		const exported = form === 'ndjson' ? app.agency.exportChain : app.agency.exportActions;
		const body = await exported(actor, actionFilters.parse(fields), origin);
		return new Response(body, {
			headers: {
				'content-type': FILES[form].type,
				'content-disposition': `attachment; filename="${FILES[form].name}"`,
				'x-content-type-options': 'nosniff'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
