import { redirect, type RequestEvent } from '@sveltejs/kit';
import { isAppError } from '#domain/errors.ts';
import { choiceForm, orderForm } from '#server/usecases/orders/order-input.ts';
import { failWith, formAction, loading, requireStaff } from '#web/guard.ts';
import { reviewFault } from '#web/order-steps.ts';
import type { Actions, PageServerLoad } from './$types';

const clientOf = (event: Pick<RequestEvent, 'url'>): string => event.url.searchParams.get('client') ?? '';
const actorOf = (event: RequestEvent) => requireStaff(event, 'orders.manage').actor;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'orders.manage');
		const { orders } = event.locals.app;
		const clientId = clientOf(event);
		const serviceId = event.url.searchParams.get('service');
		const orderable = await orders.listOrderable(actor, clientId);
		const service = serviceId ? await orders.readForm(actor, { clientId, serviceId }) : null;
		return { clientId, ...orderable, service };
	});

export const actions: Actions = {
	review: formAction(choiceForm, async (event: RequestEvent, { choice, fields }) => {
		const clientId = clientOf(event);
		const review = await event.locals.app.orders.review(actorOf(event), choice, { clientId });
		return reviewFault(review, fields) ?? { review, values: fields };
	}),
	change: formAction(choiceForm, (event: RequestEvent, { fields }) => {
		actorOf(event);
		return Promise.resolve({ values: fields });
	}),
	place: formAction(orderForm, async (event: RequestEvent, { input, fields }) => {
		const { orders } = event.locals.app;
		const actor = actorOf(event);
		const clientId = clientOf(event);
		let id;
		try {
			id = await orders.place(actor, { ...input, clientId }, event.locals.origin);
		} catch (caught) {
			if (!isAppError(caught)) throw caught;
			const failed = failWith(event, caught, fields);
			const again = await orders.review(actor, input, { clientId }).catch(() => null);
			const review = again && Object.keys(again.issues).length === 0 ? { ...again, key: input.key } : null;
			return { ...failed, data: { ...failed.data, review } };
		}
		redirect(303, `/orders/${id}`);
	})
};
