import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;
const SORTS = ['-issued', 'issued', 'due', '-due', 'total', '-total', 'number', '-number'] as const;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'invoices');
		const filter = {
			status: choiceOf(event.url, 'status', ['all', 'open', 'overdue', 'paid', 'void']),
			q: (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			sort: choiceOf(event.url, 'sort', SORTS),
			page: pageOf(event.url)
		};
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.billing.list(actor, filter)) };
	});
