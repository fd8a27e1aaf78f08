import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'tasks.manage');
		const { tasks, agency } = event.locals.app;
		const filters = staffTaskFilters.parse(Object.fromEntries(event.url.searchParams));
		const [list, colleagues, client] = await Promise.all([
			tasks.listForStaff(actor, filters),
			tasks.colleagues(actor),
			filters.client ? agency.readClient(actor, filters.client) : null
		]);
		return {
			...list,
			filters,
			colleagues,
			pageSize: PAGE_SIZE,
			client: client && {
				id: client.id,
				name: client.name
			}
		};
	});
