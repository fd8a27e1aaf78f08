import { z } from 'zod';
import { mayOf } from '#domain/visibility.ts';
import { claimInput } from '#server/usecases/billing/claim-paid.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'invoices');
		const invoice = await event.locals.app.billing.read(actor, event.params.id);
		showed(event, 'invoice', invoice.id, invoice.number ?? '');
		return { invoice, may: mayOf(['invoices.pdf', 'invoices.claim'], view) };
	});

export const actions: Actions = {
	claim: formAction(claimInput, async (event: RequestEvent, input) => {
		const { actor } = requirePortal(event, 'invoices');
		const claim = { ...input, id: event.params.id };
		await event.locals.app.billing.claimPaid(actor, claim, event.locals.origin);
	}),
	withdraw: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor } = requirePortal(event, 'invoices');
		await event.locals.app.billing.withdrawClaim(actor, { id: event.params.id }, event.locals.origin);
	})
};
