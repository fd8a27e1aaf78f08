import { error, type RequestHandler } from '@sveltejs/kit';
import { localPath } from '#domain/local-path.ts';
import { answerWith } from '#web/guard.ts';

/** For the staff member inside, and for nobody else: a contact who asks finds no such address. */
export const GET: RequestHandler = async ({ url, locals }) => {
	const actor = locals.portal?.actor;
	if (actor?.kind !== 'impersonation') error(404, { message: 'There is no such page.', code: 'not_found' });
	try {
		const path = localPath(url.searchParams.get('path') ?? '/', '/');
		return Response.json(await locals.app.lens.explain(actor, path));
	} catch (caught) {
		return answerWith(caught);
	}
};
