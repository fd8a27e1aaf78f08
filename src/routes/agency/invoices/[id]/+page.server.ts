import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { rejectInput } from '#server/usecases/billing/claim-paid.ts';
import { paymentInput } from '#server/usecases/billing/record-payment.ts';
import { voidInput } from '#server/usecases/billing/send-invoice.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	return { invoice: await loading(() => event.locals.app.billing.readForStaff(actor, event.params.id)) };
};

const by = (event: RequestEvent) => ({
	actor: requireStaff(event, 'billing.manage').actor,
	billing: event.locals.app.billing,
	id: event.params.id,
	origin: event.locals.origin
});

export const actions: Actions = {
	send: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, billing, id, origin } = by(event);
		await billing.send(actor, { id }, origin);
	}),
	void: formAction(voidInput, async (event: RequestEvent, input) => {
		const { actor, billing, id, origin } = by(event);
		await billing.void(actor, { ...input, id }, origin);
	}),
	remove: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, billing, id, origin } = by(event);
		const clientId = await billing.remove(actor, { id }, origin);
		redirect(303, `/clients/${clientId}?tab=invoices&removed=${id}`);
	}),
	/** Posted by the list that the draft was removed from. */
	restore: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, billing, id, origin } = by(event);
		await billing.restore(actor, { id }, origin);
		redirect(303, `/invoices/${id}`);
	}),
	pay: formAction(paymentInput, async (event: RequestEvent, input) => {
		const { actor, billing, id, origin } = by(event);
		await billing.recordPayment(actor, { ...input, id }, origin);
	}),
	unpay: formAction(z.object({ paymentId: z.string() }), async (event: RequestEvent, { paymentId }) => {
		const { actor, billing, id, origin } = by(event);
		await billing.removePayment(actor, { id, paymentId }, origin);
		return { unpaid: paymentId };
	}),
	repay: formAction(z.object({ paymentId: z.string() }), async (event: RequestEvent, { paymentId }) => {
		const { actor, billing, id, origin } = by(event);
		await billing.restorePayment(actor, { id, paymentId }, origin);
	}),
	reject: formAction(rejectInput, async (event: RequestEvent, input) => {
		const { actor, billing, id, origin } = by(event);
		await billing.rejectClaim(actor, { ...input, id }, origin);
	})
};
