import { redirect } from '@sveltejs/kit';
import { loading, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** What notices and mails lead to: live while it runs, else the recording at that moment. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event);
	redirect(303, await loading(() => event.locals.app.alerts.findMoment(actor, event.params.id)));
};
