import { loading, requirePortal, showed } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'invoices');
		const invoice = await event.locals.app.billing.read(actor, event.params.id);
		showed(event, 'invoice', invoice.id, invoice.number);
		return { invoice };
	});
