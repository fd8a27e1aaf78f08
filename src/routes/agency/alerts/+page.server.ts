import type { AlertState } from '#domain/alert-words.ts';
import { ALERTS_PAGE_SIZE, alertFilters } from '#server/usecases/alerts/alert-filters.ts';
import { settleInput } from '#server/usecases/alerts/settle-alert.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** One page of the list; all of its state is in the address. */
export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event);
	const filters = alertFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.alerts.list(actor, filters));
	return {
		...list,
		filters,
		pageSize: ALERTS_PAGE_SIZE,
		/** Where the moment of an alert is shown to this reader. */
		mayWatch: permissions.has('observe'),
		mayReplay: permissions.has('review'),
		maySet: permissions.has('policy.manage')
	};
};

/** Under "Open" the row is gone with that, so this is all that tells. */
const SAID: Record<AlertState, string> = {
	open: 'The alert is open again.',
	seen: 'The alert is marked as seen. It stands under “Seen to”.',
	handled: 'The alert is marked as handled. It stands under “Seen to”.'
};

export const actions: Actions = {
	settle: formAction(settleInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.alerts.settle(actor, input, event.locals.origin);
		return { saved: SAID[input.state] };
	})
};
