import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'subscriptions');
		const filter = {
			status: choiceOf(event.url, 'status', ['current', 'active', 'paused', 'ending', 'cancelled', 'all']),
			q: (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			sort: choiceOf(event.url, 'sort', ['renewal', '-renewal', '-created', 'created']),
			page: pageOf(event.url)
		};
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.subscriptions.list(actor, filter)) };
	});
