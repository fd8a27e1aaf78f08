import { z } from 'zod';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** A page number out of an address; what makes no sense is the first. */
const pageOf = (text: string | null): number => (text && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1);

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	const page = pageOf(event.url.searchParams.get('page'));
	const list = await loading(() => event.locals.app.settings.listAnnouncements(actor, page));
	return { ...list, page, pageSize: PAGE_SIZE, done: event.url.searchParams.get('done') };
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
