import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { removeViewInput, saveViewInput } from '#server/usecases/agency/saved-views.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'actions.read');
	const { agency } = event.locals.app;
	const params = event.url.searchParams;
	const filters = actionFilters.parse(Object.fromEntries(params));
	const row = params.get('row');
	return loading(async () => {
		const [list, choices, panel, chain, views] = await Promise.all([
			agency.listActions(actor, filters),
			agency.readActionChoices(actor, filters),
			row ? agency.readAction(actor, row) : null,
			agency.readChainState(actor),
			agency.listViews(actor)
		]);
		return { ...list, filters, choices, panel, chain, views, mayReplay: permissions.has('review') };
	});
};

export const actions: Actions = {
	saveView: formAction(saveViewInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.agency.saveView(actor, input, event.locals.origin);
		return { view: input.name };
	}),
	removeView: formAction(removeViewInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.agency.removeView(actor, input, event.locals.origin);
		return { view: null };
	})
};
