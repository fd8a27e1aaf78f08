import { VISIT_PAGE_SIZE } from '#server/usecases/portal/read-access-visit.ts';
import { loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'access-history');
		const page = pageOf(event.url);
		const visit = await event.locals.app.portal.readAccessVisit(actor, event.params.id, page);
		showed(event, 'impersonation', visit.id, `visit of ${visit.staff}`);
		return { visit, page, pageSize: VISIT_PAGE_SIZE };
	});
