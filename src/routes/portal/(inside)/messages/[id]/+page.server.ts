import { mayOf } from '#domain/visibility.ts';
import { THREAD_PAGE_SIZE } from '#server/usecases/messages/read-thread.ts';
import { messageInput } from '#server/usecases/messages/send-message.ts';
import { loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import { uploadAction } from '../../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'messages');
		const { messages } = event.locals.app;
		const page = pageOf(event.url);
		const thread = await messages.read(actor, event.params.id, page);
		await messages.markRead(actor, thread);
		showed(event, 'thread', thread.id, thread.subject);
		return {
			thread,
			page,
			pageSize: THREAD_PAGE_SIZE,
			may: mayOf(['messages.send', 'files.download', 'orders'], view)
		};
	});

export const actions: Actions = {
	send: uploadAction(
		{ area: 'messages', needs: 'message.sent' },
		messageInput,
		async (event: RequestEvent, { body }, staged) => {
			const { app, origin } = event.locals;
			const { actor } = requirePortal(event, 'messages');
			await app.messages.send(actor, { threadId: event.params.id, body }, staged, origin);
		}
	)
};
