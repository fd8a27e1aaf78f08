import { gigabytesOf } from '#domain/storage-limit.ts';
import { invoicingInput } from '#server/usecases/settings/save-invoicing.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** Names of currencies for the list; the codes are what is kept. */
function currencies(): { value: string; label: string }[] {
	const names = new Intl.DisplayNames('en', { type: 'currency' });
	return Intl.supportedValuesOf('currency').map((code) => ({
		value: code,
		label: `${code}, ${names.of(code) ?? code}`
	}));
}

/** 1900 → "19", 770 → "7.7", 825 → "8.25". */
const percentOf = (rateBp: number): string => {
	const part = String(rateBp % 100)
		.padStart(2, '0')
		.replace(/0+$/, '');
	return `${Math.floor(rateBp / 100)}${part && `.${part}`}`;
};

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	const found = await loading(() => event.locals.app.settings.readInvoicing(actor));
	return {
		fields: {
			address: found.address,
			taxId: found.taxId,
			currency: found.currency,
			taxRateBp: percentOf(found.taxRateBp),
			paymentDays: String(found.paymentDays),
			paymentNote: found.paymentNote,
			quotaBytes: String(gigabytesOf(found.quotaBytes))
		},
		currencies: currencies()
	};
};

export const actions: Actions = {
	save: formAction(invoicingInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const isNew = await event.locals.app.settings.saveInvoicing(actor, input, event.locals.origin);
		return { saved: isNew ? 'Saved. Invoices made from now on follow it.' : 'Nothing was different.' };
	})
};
