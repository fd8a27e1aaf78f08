import { isUuid } from '#domain/ids.ts';
import { may, mayOf } from '#domain/visibility.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { MAKERS, TASK_SORTS } from '#server/usecases/tasks/list-tasks.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import { createAction } from './create-action.ts';
import type { Actions, PageServerLoad } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'tasks');
		const { tasks } = event.locals.app;
		const { searchParams } = event.url;
		const filter = {
			status: choiceOf(event.url, 'status', ['open', 'done', 'all']),
			waiting: searchParams.get('waiting') === 'me',
			overdue: searchParams.get('overdue') === '1',
			by: choiceOf(event.url, 'by', MAKERS),
			order: searchParams.get('order'),
			q: (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			sort: choiceOf(event.url, 'sort', TASK_SORTS),
			page: pageOf(event.url)
		};
		const isBoard = searchParams.get('view') === 'board';
		const [list, board] = await Promise.all([
			tasks.list(actor, filter),
			isBoard ? tasks.board(actor, filter) : null
		]);
		return {
			filter,
			pageSize: PAGE_SIZE,
			...list,
			board,
			may: mayOf(['tasks.create', 'tasks.complete'], view),
			deleted: isUuid(searchParams.get('deleted') ?? '') ? searchParams.get('deleted') : null,
			seesDue: may('tasks.due_date', view, 'see')
		};
	});

export const actions: Actions = { create: createAction };
