import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'team.read');
	const matrix = await loading(() => event.locals.app.team.readRoles(actor));
	return {
		...matrix,
		may: { manage: permissions.has('team.manage'), portal: permissions.has('portal.manage') }
	};
};
