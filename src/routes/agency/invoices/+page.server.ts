import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'billing.manage');
	const filters = invoiceFilters.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.billing.listForStaff(actor, filters));
	return { ...list, filters, pageSize: PAGE_SIZE };
};
