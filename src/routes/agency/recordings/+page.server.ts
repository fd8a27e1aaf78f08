import { RECORDINGS_PAGE_SIZE } from '#server/usecases/recordings/list-recordings.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { holdInput } from '#server/usecases/review/hold-recordings.ts';
import { removeViewInput, saveViewInput } from '#server/usecases/agency/saved-views.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { dropForeignWords } from '#web/is-from-elsewhere.ts';
import type { Actions, PageServerLoad } from './$types';

/** One page of the list; all of its state is in the address. */
export const load: PageServerLoad = async (event) => {
	dropForeignWords(event, 'seen');
	const { actor, permissions } = requireStaff(event, 'review');
	const { app, origin } = event.locals;
	const filters = recordingFilters.parse(Object.fromEntries(event.url.searchParams));
	return loading(async () => {
		const [list, views] = await Promise.all([
			app.recordings.find(actor, filters, origin),
			app.review.listViews(actor)
		]);
		return { ...list, views, filters, pageSize: RECORDINGS_PAGE_SIZE, mayHold: permissions.has('erase') };
	});
};

export const actions: Actions = {
	hold: formAction(
		holdInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			return { held: await event.locals.app.review.hold(actor, input, event.locals.origin) };
		},
		['ids']
	),
	saveView: formAction(saveViewInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.review.saveView(actor, input, event.locals.origin);
		return { view: input.name };
	}),
	removeView: formAction(removeViewInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.review.removeView(actor, input, event.locals.origin);
		return { view: null };
	})
};
