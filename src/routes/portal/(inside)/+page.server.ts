import { loading, requirePortal } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'home');
		return event.locals.app.portal.readHome(actor);
	});
