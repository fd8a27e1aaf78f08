import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** The list as it is now; the hub keeps it from here on. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'observe');
	return { sessions: await loading(() => event.locals.app.live.readLiveSessions(actor)) };
};
