import { mayOpen } from '#domain/agency-areas.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** The list as it is now; the hub keeps it from here on. */
export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'observe');
	event.depends('live:alerts');
	const { live, alerts } = event.locals.app;
	return loading(async () => ({
		sessions: await live.readLiveSessions(actor),
		alerts: mayOpen('alerts', permissions) ? await alerts.listRunning(actor) : []
	}));
};
