import { redirect } from '@sveltejs/kit';
import { decimalText } from '#domain/money.ts';
import { invoiceInput, percentText } from '#server/usecases/billing/invoice-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'billing.manage');
	const { id } = event.params;
	const invoice = await loading(() => event.locals.app.billing.readForStaff(actor, id));
	// What was sent is not changed: its own page says so by what it offers.
	if (invoice.status !== 'draft') redirect(303, `/invoices/${id}`);
	const { currency, taxRateBp, dueOn, note, lines, today } = invoice;
	const values = Object.fromEntries(
		lines.flatMap(({ description, quantity, unitMinor }, n) => [
			[`description-${n}`, description],
			[`quantity-${n}`, String(quantity)],
			[`price-${n}`, decimalText({ minor: unitMinor, currency })]
		])
	);
	return {
		id: invoice.id,
		client: invoice.to.name,
		today,
		values: { ...values, currency, taxRate: percentText(taxRateBp), dueOn, note }
	};
};

export const actions: Actions = {
	save: formAction(invoiceInput, async (event: RequestEvent, input) => {
		const { actor } = requireStaff(event, 'billing.manage');
		const { id } = event.params;
		await event.locals.app.billing.edit(actor, { ...input, id }, event.locals.origin);
		redirect(303, `/invoices/${id}`);
	})
};
