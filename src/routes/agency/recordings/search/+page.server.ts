import { seenFilters, SEEN_PAGE_SIZE } from '#server/usecases/recordings/seen-filters.ts';
import { loading, requireStaff } from '#web/guard.ts';
import { dropForeignWords, isFromElsewhere } from '#web/is-from-elsewhere.ts';
import type { PageServerLoad } from './$types';

/** One page of what was found; all of its state is in the address. Each load with words in it is a search that is logged. */
export const load: PageServerLoad = async (event) => {
	// Who is signed in keeps them in the field, and may press Search.
	if (!event.locals.staff) dropForeignWords(event, 'q');
	const { actor } = requireStaff(event, 'review');
	const { app, origin } = event.locals;
	const isForeign = isFromElsewhere(event.request);
	const filters = seenFilters.parse(Object.fromEntries(event.url.searchParams));
	return loading(async () => {
		const [choices, found] = await Promise.all([
			app.recordings.readSearchChoices(actor),
			isForeign ? null : app.recordings.search(actor, filters, origin)
		]);
		return { ...choices, isForeign, found, filters, pageSize: SEEN_PAGE_SIZE };
	});
};
