import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

const LATEST = 8;

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event);
	const { app } = event.locals;
	return loading(async () => {
		const [dashboard, latest] = await Promise.all([
			app.dashboard.read(actor),
			permissions.has('actions.read') ? app.agency.listActions(actor, actionFilters.parse({}), LATEST) : null
		]);
		return {
			dashboard,
			latest: latest && latest.rows,
			mayWatch: permissions.has('observe')
		};
	});
};
