import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	const filters = clientFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.clients.list(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE };
};
