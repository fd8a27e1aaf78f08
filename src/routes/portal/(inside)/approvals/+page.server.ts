import { z } from 'zod';
import { declineInput } from '#server/usecases/drafts/decide-draft.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal } from '#web/guard.ts';
import { pageOf } from '../../list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const actorOf = (event: RequestEvent) => requirePortal(event, 'home').actor;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'home');
		const page = pageOf(event.url);
		return { page, pageSize: PAGE_SIZE, ...(await event.locals.app.drafts.list(actor, page)) };
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
