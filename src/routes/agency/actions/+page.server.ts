import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'actions.read');
	const { agency } = event.locals.app;
	const params = event.url.searchParams;
	const filters = actionFilters.parse(Object.fromEntries(params));
	const row = params.get('row');
	return loading(async () => {
		const [list, choices, panel, chain] = await Promise.all([
			agency.listActions(actor, filters),
			agency.readActionChoices(actor, filters),
			row ? agency.readAction(actor, row) : null,
			agency.readChainState(actor)
		]);
		return { ...list, filters, choices, panel, chain, mayReplay: permissions.has('review') };
	});
};
