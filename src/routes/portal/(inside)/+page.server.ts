import { loading, requirePortal } from '#web/guard.ts';
import { pageOf } from '../list-query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'home');
		const { portal, drafts } = event.locals.app;
		const announced = pageOf(event.url, 'announcements');
		const [home, approvals] = await Promise.all([portal.readHome(actor, announced), drafts.countOpen(actor)]);
		return { ...home, announced, approvals };
	});
