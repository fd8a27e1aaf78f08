import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'invoices');
		const filter = {
			status: choiceOf(event.url, 'status', ['all', 'open', 'paid', 'void']),
			page: pageOf(event.url)
		};
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.portal.listInvoices(actor, filter)) };
	});
