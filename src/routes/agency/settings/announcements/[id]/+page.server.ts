import { redirect } from '@sveltejs/kit';
import { announcementInput } from '#server/usecases/settings/announcement-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	const { settings } = event.locals.app;
	return loading(async () => {
		const [announcement, clients] = await Promise.all([
			settings.readAnnouncement(actor, event.params.id),
			settings.listClientNames(actor)
		]);
		return { announcement, clients };
	});
};

export const actions: Actions = {
	save: formAction(announcementInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const id = event.params['id'] ?? '';
		await event.locals.app.settings.editAnnouncement(actor, id, input, event.locals.origin);
		redirect(303, '/settings/announcements?done=1');
	})
};
