import { z } from 'zod';
import { declineInput } from '#server/usecases/drafts/decide-draft.ts';
import { DECIDED_SORTS, OPEN_PAGE_SIZE } from '#server/usecases/drafts/list-drafts.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const actorOf = (event: RequestEvent) => requirePortal(event, 'home').actor;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'home');
		const page = pageOf(event.url);
		const openPage = pageOf(event.url, 'open');
		const sort = choiceOf(event.url, 'sort', DECIDED_SORTS);
		const list = await event.locals.app.drafts.list(actor, page, { openPage, sort });
		return { page, openPage, sort, pageSize: PAGE_SIZE, openPageSize: OPEN_PAGE_SIZE, ...list };
	});

export const actions: Actions = {
	approve: formAction(z.object({ id: z.string().max(36) }), async (event: RequestEvent, { id }) => {
		const { label } = await event.locals.app.drafts.approve(actorOf(event), id, event.locals.origin);
		return { decided: `Done: ${label}` };
	}),
	decline: formAction(declineInput, async (event: RequestEvent, input) => {
		const { label } = await event.locals.app.drafts.decline(actorOf(event), input, event.locals.origin);
		return { decided: `Declined: ${label}` };
	})
};
