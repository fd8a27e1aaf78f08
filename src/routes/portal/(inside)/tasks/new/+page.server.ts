import { requirePortal } from '#web/guard.ts';
import { createAction } from '../create-action.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	requirePortal(event, 'tasks');
};

export const actions: Actions = { create: createAction };
