import { THREAD_PAGE_SIZE } from '#server/usecases/messages/read-thread.ts';
import { messageInput } from '#server/usecases/messages/send-message.ts';
import { loading, requireStaff } from '#web/guard.ts';
import { staffUploadAction } from '../../../portal/upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const PAGE = /^[1-9][0-9]{0,3}$/;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'messages.manage');
		const { messages } = event.locals.app;
		const asked = event.url.searchParams.get('page') ?? '';
		const page = PAGE.test(asked) ? Number(asked) : 1;
		const thread = await messages.read(actor, event.params.id, page);
		await messages.markRead(actor, thread);
		return { thread, page, pageSize: THREAD_PAGE_SIZE };
	});

export const actions: Actions = {
	send: staffUploadAction(
		{ permission: 'messages.manage', needs: 'message.sent' },
		messageInput,
		async (event: RequestEvent, { body }, staged) => {
			const { actor } = requireStaff(event, 'messages.manage');
			const { app, origin } = event.locals;
			await app.messages.send(actor, { threadId: event.params.id, body }, staged, origin);
		}
	)
};
