import { z } from 'zod';
import { mayOf } from '#domain/visibility.ts';
import { cancelInput } from '#server/usecases/subscriptions/cancel-subscription.ts';
import { shownPlanInput } from '#server/usecases/subscriptions/change-plan.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const nothing = z.object({});

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'subscriptions');
		const pages = { invoices: pageOf(event.url, 'invoices'), history: pageOf(event.url, 'history') };
		const subscription = await event.locals.app.subscriptions.read(actor, event.params.id, pages);
		showed(event, 'subscription', subscription.id, subscription.name);
		const chosen = event.url.searchParams.get('plan');
		return {
			subscription,
			pages,
			/** Looked at before it is confirmed. */
			chosen: subscription.plans.find((plan) => plan.id === chosen) ?? null,
			may: mayOf(['subscriptions.change', 'subscriptions.pause', 'subscriptions.cancel'], view)
		};
	});

type Verb = 'pause' | 'resume' | 'keep';

const act = (verb: Verb) =>
	formAction(nothing, async (event: RequestEvent) => {
		const { actor } = requirePortal(event, 'subscriptions');
		await event.locals.app.subscriptions[verb](actor, { id: event.params.id }, event.locals.origin);
	});

export const actions: Actions = {
	change: formAction(shownPlanInput, async (event: RequestEvent, { packageId, expectedPriceMinor }) => {
		const { actor } = requirePortal(event, 'subscriptions');
		const shown = expectedPriceMinor === undefined ? {} : { expectedPriceMinor };
		const change = { id: event.params.id, packageId, ...shown };
		await event.locals.app.subscriptions.changePlan(actor, change, event.locals.origin);
	}),
	cancel: formAction(cancelInput, async (event: RequestEvent, { reason }) => {
		const { actor } = requirePortal(event, 'subscriptions');
		const { id } = event.params;
		await event.locals.app.subscriptions.cancel(actor, { id, reason }, event.locals.origin);
	}),
	pause: act('pause'),
	resume: act('resume'),
	keep: act('keep')
};
