import { loading, requirePortal } from '#web/guard.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import { createAction } from './create-action.ts';
import type { Actions, PageServerLoad } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'tasks');
		const filter = {
			status: choiceOf(event.url, 'status', ['open', 'done', 'all']),
			waiting: event.url.searchParams.get('waiting') === 'me',
			q: (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			page: pageOf(event.url)
		};
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.portal.listTasks(actor, filter)) };
	});

export const actions: Actions = { create: createAction };
