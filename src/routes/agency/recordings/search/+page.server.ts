import { seenFilters, SEEN_PAGE_SIZE } from '#server/usecases/recordings/seen-filters.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** One page of what was found; all of its state is in the address. Each load with words in it is a search that is logged. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const { app, origin } = event.locals;
	// Attack: a link on another site makes a reviewer search for its words, and the log says that they did.
	const isForeign = event.request.headers.get('sec-fetch-site') === 'cross-site';
	const filters = seenFilters.parse(Object.fromEntries(event.url.searchParams));
	return loading(async () => {
		const [choices, found] = await Promise.all([
			app.recordings.readSearchChoices(actor),
			isForeign ? null : app.recordings.search(actor, filters, origin)
		]);
		return { ...choices, isForeign, found, filters, pageSize: SEEN_PAGE_SIZE };
	});
};
