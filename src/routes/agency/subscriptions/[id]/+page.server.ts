import { z } from 'zod';
import { cancelInput } from '#server/usecases/subscriptions/cancel-subscription.ts';
import { planInput } from '#server/usecases/subscriptions/change-plan.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { pageOf } from '../../../portal/list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	const { id } = event.params;
	const pages = { invoices: pageOf(event.url, 'invoices'), history: pageOf(event.url, 'history') };
	const { subscriptions } = event.locals.app;
	return { pages, subscription: await loading(() => subscriptions.readForStaff(actor, id, pages)) };
};

const act = (verb: 'pause' | 'resume' | 'keep') =>
	formAction(z.object({}), async (event: RequestEvent) => {
		const { actor } = requireStaff(event, 'billing.manage');
		await event.locals.app.subscriptions[verb](actor, { id: event.params.id }, event.locals.origin);
	});

export const actions: Actions = {
	change: formAction(planInput, async (event: RequestEvent, { packageId }) => {
		const { actor } = requireStaff(event, 'billing.manage');
		const { id } = event.params;
		await event.locals.app.subscriptions.changePlan(actor, { id, packageId }, event.locals.origin);
	}),
	cancel: formAction(cancelInput, async (event: RequestEvent, { reason }) => {
		const { actor } = requireStaff(event, 'billing.manage');
		const { id } = event.params;
		await event.locals.app.subscriptions.cancel(actor, { id, reason }, event.locals.origin);
	}),
	pause: act('pause'),
	resume: act('resume'),
	keep: act('keep')
};
