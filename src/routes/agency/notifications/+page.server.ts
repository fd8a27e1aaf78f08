import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { localPath } from '#domain/local-path.ts';
import { NOTICE_SORTS } from '#server/usecases/notices/own-notices.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const PAGE = /^[1-9][0-9]{0,3}$/;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event);
		const { searchParams } = event.url;
		const asked = searchParams.get('page') ?? '';
		const sort = NOTICE_SORTS.find((one) => one === searchParams.get('sort')) ?? '-when';
		const unread = searchParams.get('unread') === '1';
		const filter = { page: PAGE.test(asked) ? Number(asked) : 1, unread, sort };
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.notices.list(actor, filter)) };
	});

export const actions: Actions = {
	open: formAction(z.object({ id: z.string() }), async (event: RequestEvent, { id }) => {
		const { actor } = requireStaff(event);
		redirect(303, localPath(await event.locals.app.notices.markRead(actor, id), '/notifications'));
	}),
	readAll: formAction(z.object({}), async (event: RequestEvent) => {
		await event.locals.app.notices.markRead(requireStaff(event).actor, 'all');
	})
};
