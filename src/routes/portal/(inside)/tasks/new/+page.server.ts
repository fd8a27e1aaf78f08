import { mayOf } from '#domain/visibility.ts';
import { requirePortal } from '#web/guard.ts';
import { createAction } from '../create-action.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const { view } = requirePortal(event, 'tasks.create');
	return { may: mayOf(['tasks.due_date', 'tasks.attachments'], view) };
};

export const actions: Actions = { create: createAction };
