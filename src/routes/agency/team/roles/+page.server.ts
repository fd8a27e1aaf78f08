import { ROLE_SORTS } from '#server/usecases/team/read-team.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'team.read');
	const sort = ROLE_SORTS.find((one) => one === event.url.searchParams.get('sort')) ?? 'usual';
	const matrix = await loading(() => event.locals.app.team.readRoles(actor, sort));
	return {
		...matrix,
		sort,
		may: { manage: permissions.has('team.manage'), portal: permissions.has('portal.manage') }
	};
};
