import { redirect, type RequestEvent } from '@sveltejs/kit';
import { isAppError } from '#domain/errors.ts';
import { choiceForm, orderForm } from '#server/usecases/orders/order-input.ts';
import { failWith, formAction, loading, requirePortal } from '#web/guard.ts';
import { reviewFault } from '#web/order-steps.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'orders.place');
		const serviceId = event.url.searchParams.get('service');
		if (!serviceId) redirect(303, '/services');
		const service = await event.locals.app.orders.readForm(actor, { serviceId });
		const asked = event.url.searchParams.get('package') ?? '';
		const chosen: Record<string, string> = service.packages.some((one) => one.id === asked)
			? { package: asked }
			: {};
		return { service, chosen };
	});

const actorOf = (event: RequestEvent) => requirePortal(event, 'orders.place').actor;

export const actions: Actions = {
	review: formAction(choiceForm, async (event: RequestEvent, { choice, fields }) => {
		const review = await event.locals.app.orders.review(actorOf(event), choice);
		return reviewFault(review, fields) ?? { review, values: fields };
	}),
	/** Back from the review, with everything that was filled in. */
	change: formAction(choiceForm, (event: RequestEvent, { fields }) => {
		actorOf(event);
		return Promise.resolve({ values: fields });
	}),
	place: formAction(orderForm, async (event: RequestEvent, { input, fields }) => {
		const { orders } = event.locals.app;
		const actor = actorOf(event);
		let id;
		try {
			id = await orders.place(actor, input, event.locals.origin);
		} catch (caught) {
			if (!isAppError(caught)) throw caught;
			const failed = failWith(event, caught, fields);
			// The review stays in sight, at the prices of now; its key stays too, so that trying again is no second order.
			const again = await orders.review(actor, input).catch(() => null);
			const review = again && Object.keys(again.issues).length === 0 ? { ...again, key: input.key } : null;
			return { ...failed, data: { ...failed.data, review } };
		}
		redirect(303, `/orders/${id}`);
	})
};
