import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'orders.manage');
	const filters = orderFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.orders.listAll(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE };
};
