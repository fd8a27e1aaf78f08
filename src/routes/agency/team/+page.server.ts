import { PERMISSIONS } from '#domain/permissions.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'team.read');
	const rows = await loading(() => event.locals.app.agency.listTeam(actor));
	const team = rows.map(({ permissions, ...row }) => ({
		...row,
		may: permissions.map((permission) => PERMISSIONS[permission])
	}));
	return { team };
};
