import { CATALOGUE_PAGE_SIZE, CATALOGUE_SORTS } from '#server/usecases/services/list-catalogue.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;
const textOf = (url: URL, name: string): string =>
	(url.searchParams.get(name) ?? '').trim().slice(0, MAX_QUERY);

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'services');
		const { url, locals } = event;
		const filter = {
			q: textOf(url, 'q'),
			category: textOf(url, 'category'),
			sort: choiceOf(url, 'sort', CATALOGUE_SORTS),
			page: pageOf(url)
		};
		return {
			filter,
			isTable: url.searchParams.get('view') === 'list',
			pageSize: CATALOGUE_PAGE_SIZE,
			...(await locals.app.services.listCatalogue(actor, filter))
		};
	});
