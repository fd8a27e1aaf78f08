import { redirect } from '@sveltejs/kit';
import { announcementInput } from '#server/usecases/settings/announcement-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	return { clients: await loading(() => event.locals.app.settings.listClientNames(actor)) };
};

export const actions: Actions = {
	create: formAction(announcementInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.settings.createAnnouncement(actor, input, event.locals.origin);
		redirect(303, '/settings/announcements?done=1');
	})
};
