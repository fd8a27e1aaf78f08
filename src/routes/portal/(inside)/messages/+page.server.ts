import { mayOf } from '#domain/visibility.ts';
import { THREAD_SORTS } from '#server/usecases/messages/list-threads.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'messages');
		const { searchParams } = event.url;
		const filter = {
			q: (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			unread: searchParams.get('unread') === '1',
			clientId: null,
			sort: choiceOf(event.url, 'sort', THREAD_SORTS),
			page: pageOf(event.url)
		};
		const list = await event.locals.app.messages.list(actor, filter);
		return { filter, pageSize: PAGE_SIZE, may: mayOf(['messages.send'], view), ...list };
	});
