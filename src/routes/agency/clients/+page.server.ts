import { bulkInput } from '#server/usecases/clients/change-clients.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'clients.read');
	const filters = clientFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.clients.list(actor, filters));
	return {
		...list,
		filters,
		pageSize: PAGE_SIZE,
		may: { manage: permissions.has('clients.manage'), export: permissions.has('clients.export') }
	};
};

export const actions: Actions = {
	/** One choice for all ticked clients; the answer is what the note above the list says, and what undoes it. */
	bulk: formAction(
		bulkInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			const answer = await event.locals.app.clients.changeMany(actor, input, event.locals.origin);
			return { bulk: { ...answer, what: input.what, staffId: input.staffId } };
		},
		['clientIds', 'wasInactive']
	)
};
