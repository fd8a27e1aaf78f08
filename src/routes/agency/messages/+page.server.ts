import { THREAD_SORTS } from '#server/usecases/messages/list-threads.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requireStaff } from '#web/guard.ts';
import { isUuid } from '#domain/ids.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;
const PAGE = /^[1-9][0-9]{0,3}$/;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'messages.manage');
		const { searchParams } = event.url;
		const client = searchParams.get('client') ?? '';
		const filter = {
			q: (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			unread: searchParams.get('unread') === '1',
			clientId: isUuid(client) ? client : null,
			sort: THREAD_SORTS.find((one) => one === searchParams.get('sort')) ?? ('-when' as const),
			page: PAGE.test(searchParams.get('page') ?? '') ? Number(searchParams.get('page')) : 1
		};
		const list = await event.locals.app.messages.list(actor, filter);
		return { filter, pageSize: PAGE_SIZE, ...list };
	});
