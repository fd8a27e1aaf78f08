import { clientFilters } from '#server/usecases/agency/list-clients.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	const filters = clientFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.agency.listClients(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE };
};
