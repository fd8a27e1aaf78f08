import { z } from 'zod';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { announcementsView } from '#server/usecases/settings/list-announcements.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	const view = announcementsView.parse(Object.fromEntries(event.url.searchParams));
	const list = await loading(() => event.locals.app.settings.listAnnouncements(actor, view));
	return { ...list, view, pageSize: PAGE_SIZE, done: event.url.searchParams.get('done') };
};

const named = z.object({ id: z.string(), title: z.string().default('') });

export const actions: Actions = {
	remove: formAction(named, async (event, { id, title }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.settings.removeAnnouncement(actor, id, event.locals.origin);
		return { removed: { id, title } };
	}),
	restore: formAction(named, async (event, { id }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.settings.restoreAnnouncement(actor, id, event.locals.origin);
		return { saved: 'It is back.' };
	})
};
