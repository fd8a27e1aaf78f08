import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { localPath } from '#domain/local-path.ts';
import { NOTICE_SORTS } from '#server/usecases/notices/own-notices.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'account');
		const filter = {
			page: pageOf(event.url),
			unread: event.url.searchParams.get('unread') === '1',
			sort: choiceOf(event.url, 'sort', NOTICE_SORTS)
		};
		return { filter, pageSize: PAGE_SIZE, ...(await event.locals.app.notices.list(actor, filter)) };
	});

export const actions: Actions = {
	open: formAction(z.object({ id: z.string() }), async (event: RequestEvent, { id }) => {
		const { actor } = requirePortal(event, 'account');
		redirect(303, localPath(await event.locals.app.notices.markRead(actor, id), '/notifications'));
	}),
	readAll: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor } = requirePortal(event, 'account');
		await event.locals.app.notices.markRead(actor, 'all');
	})
};
