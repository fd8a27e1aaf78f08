import { z } from 'zod';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { serviceFilters } from '#server/usecases/services/list-services.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'services.manage');
	const filters = serviceFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.services.list(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE };
};

const moveForm = z.object({ id: z.string(), to: z.enum(['up', 'down']) });

export const actions: Actions = {
	move: formAction(moveForm, async (event, { id, to }) => {
		const { actor } = requireStaff(event, 'services.manage');
		await event.locals.app.services.move(actor, { id, to }, event.locals.origin);
	})
};
