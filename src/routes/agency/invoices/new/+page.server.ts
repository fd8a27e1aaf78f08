import { redirect } from '@sveltejs/kit';
import { percentText, invoiceInput } from '#server/usecases/billing/invoice-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'billing.manage');
	const { billing } = event.locals.app;
	const { searchParams } = event.url;
	const client = searchParams.get('client');
	return loading(async () => {
		if (client === null) {
			const q = (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY);
			return { start: null, q, found: await billing.findBillable(actor, q) };
		}
		const start = await billing.readStart(actor, client);
		const { currency, taxRateBp, dueOn } = start;
		return {
			start: { ...start, values: { currency, taxRate: percentText(taxRateBp), dueOn } },
			q: '',
			found: []
		};
	});
};

/** Makes the draft; with `send`, it goes out at once. */
const create = (sends: boolean) =>
	formAction(invoiceInput, async (event: RequestEvent, input) => {
		const { actor } = requireStaff(event, 'billing.manage');
		const { app, origin } = event.locals;
		const clientId = event.url.searchParams.get('client') ?? '';
		const id = await app.billing.create(actor, { ...input, clientId }, origin);
		if (sends) await app.billing.send(actor, { id }, origin);
		redirect(303, `/invoices/${id}`);
	});

export const actions: Actions = { draft: create(false), send: create(true) };
