import { reviewFilters, REVIEWS_PAGE_SIZE, sortOf } from '#server/usecases/review/review-filters.ts';
import { assignRowInput } from '#server/usecases/review/assign-review.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** One page of the queue; all of its state is in the address. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const filters = reviewFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.review.list(actor, filters));
	return { ...list, filters, sort: sortOf(filters), pageSize: REVIEWS_PAGE_SIZE, myId: actor.staffId };
};

export const actions: Actions = {
	assign: formAction(assignRowInput, async (event, { impersonationId, to }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.review.assign(actor, { impersonationId, to }, event.locals.origin);
		return { assigned: impersonationId };
	})
};
