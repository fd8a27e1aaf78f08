import { loading, requirePortal } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'home');
		const { portal, drafts } = event.locals.app;
		const [home, approvals] = await Promise.all([portal.readHome(actor), drafts.countOpen(actor)]);
		return { ...home, approvals };
	});
