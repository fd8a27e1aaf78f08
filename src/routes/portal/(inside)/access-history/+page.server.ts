import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'access-history');
		const page = pageOf(event.url);
		return { page, pageSize: PAGE_SIZE, ...(await event.locals.app.portal.readAccessHistory(actor, page)) };
	});
