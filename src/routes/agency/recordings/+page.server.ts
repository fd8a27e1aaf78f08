import { recordingFilters, RECORDINGS_PAGE_SIZE } from '#server/usecases/recordings/list-recordings.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** One page of the list; all of its state is in the address. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const filters = recordingFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.recordings.list(actor, filters));
	return { ...list, filters, pageSize: RECORDINGS_PAGE_SIZE };
};
