import { z } from 'zod';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { failedMailsView } from '#server/usecases/notices/failed-mails.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'settings.manage');
		const view = failedMailsView.parse(Object.fromEntries(event.url.searchParams));
		const { notices, config } = event.locals.app;
		return {
			view,
			pageSize: PAGE_SIZE,
			isSent: config.smtpUrl !== null,
			...(await notices.listFailedMails(actor, view))
		};
	});

export const actions: Actions = {
	retry: formAction(z.object({ id: z.string() }), async (event: RequestEvent, { id }) => {
		const { actor } = requireStaff(event, 'settings.manage');
		await event.locals.app.notices.retryMail(actor, id, event.locals.origin);
		return { retried: true };
	})
};
