import { retentionInput } from '#server/usecases/retention/set-retention.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

const MAX_SEARCH = 100;

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'policy.manage');
	const search = (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_SEARCH);
	return loading(async () => ({
		retention: await event.locals.app.retention.read(actor, search),
		search,
		mayReadLog: permissions.has('actions.read')
	}));
};

export const actions: Actions = {
	save: formAction(retentionInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const isNew = await event.locals.app.retention.setAgencyDays(actor, input, event.locals.origin);
		return { saved: isNew ? 'Saved. It holds from the next run on.' : 'Nothing was different.' };
	})
};
