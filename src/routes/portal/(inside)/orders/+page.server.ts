import { mayOf } from '#domain/visibility.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'orders');
		const filter = orderFilters.parse(Object.fromEntries(event.url.searchParams));
		const list = await event.locals.app.orders.list(actor, filter);
		return {
			...list,
			filter,
			pageSize: PAGE_SIZE,
			may: mayOf(['services', 'orders.place', 'orders.amounts'], view)
		};
	});
