import { z } from 'zod';
import { choiceInput } from '#server/usecases/consent/change-consent.ts';
import { grantInput, MAX_GRANT_DAYS } from '#server/usecases/consent/grant-consent.ts';
import { endVisitInput } from '#server/usecases/impersonation/end-visit.ts';
import { accessFilters } from '#server/usecases/portal/read-access-history.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal } from '#web/guard.ts';
import { pageOf } from '../../list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const actorOf = (event: RequestEvent) => requirePortal(event, 'access-history').actor;

const grantId = z.object({ id: z.string().max(36) });

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'access-history');
		const { app } = event.locals;
		const page = pageOf(event.url);
		const filters = accessFilters.parse(Object.fromEntries(event.url.searchParams));
		const [consent, history] = await Promise.all([
			app.consent.read(actor),
			app.portal.readAccessHistory(actor, page, filters)
		]);
		return { page, pageSize: PAGE_SIZE, filters, consent, maxGrantDays: MAX_GRANT_DAYS, ...history };
	});

export const actions: Actions = {
	/** End now. */
	end: formAction(endVisitInput, async (event: RequestEvent, input) => {
		await event.locals.app.impersonation.endVisit(actorOf(event), input, event.locals.origin);
		return { ended: true as const };
	}),
	who: formAction(choiceInput, async (event: RequestEvent, input) => {
		await event.locals.app.consent.change(actorOf(event), input, event.locals.origin);
	}),
	grant: formAction(grantInput, async (event: RequestEvent, input) => {
		await event.locals.app.consent.grant(actorOf(event), input, event.locals.origin);
	}),
	again: formAction(grantId, async (event: RequestEvent, { id }) => {
		await event.locals.app.consent.giveAgain(actorOf(event), id, event.locals.origin);
	}),
	withdraw: formAction(grantId, async (event: RequestEvent, { id }) => {
		await event.locals.app.consent.withdraw(actorOf(event), id, event.locals.origin);
	})
};
