import { redirect } from '@sveltejs/kit';
import { subscriptionInput } from '#server/usecases/subscriptions/create-subscription.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'billing.manage');
	const { billing, subscriptions } = event.locals.app;
	const { searchParams } = event.url;
	const client = searchParams.get('client');
	return loading(async () => {
		if (client !== null) return { start: await subscriptions.readStart(actor, client), q: '', found: [] };
		const q = (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY);
		return { start: null, q, found: await billing.findBillable(actor, q) };
	});
};

export const actions: Actions = {
	create: formAction(subscriptionInput, async (event: RequestEvent, input) => {
		const { actor } = requireStaff(event, 'billing.manage');
		const { app, origin } = event.locals;
		const clientId = event.url.searchParams.get('client') ?? '';
		const id = await app.subscriptions.create(actor, { ...input, clientId }, origin);
		redirect(303, `/subscriptions/${id}`);
	})
};
