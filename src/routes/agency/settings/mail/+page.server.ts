import { z } from 'zod';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const PAGE = /^[1-9][0-9]{0,3}$/;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'settings.manage');
		const asked = event.url.searchParams.get('page') ?? '';
		const page = PAGE.test(asked) ? Number(asked) : 1;
		const { notices, config } = event.locals.app;
		return {
			page,
			pageSize: PAGE_SIZE,
			isSent: config.smtpUrl !== null,
			...(await notices.listFailedMails(actor, page))
		};
	});

export const actions: Actions = {
	retry: formAction(z.object({ id: z.string() }), async (event: RequestEvent, { id }) => {
		const { actor } = requireStaff(event, 'settings.manage');
		await event.locals.app.notices.retryMail(actor, id, event.locals.origin);
		return { retried: true };
	})
};
