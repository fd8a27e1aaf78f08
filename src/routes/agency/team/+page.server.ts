import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { teamFilters } from '#server/usecases/team/list-team.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'team.read');
	const filters = teamFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.team.list(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE, mayManage: permissions.has('team.manage') };
};
