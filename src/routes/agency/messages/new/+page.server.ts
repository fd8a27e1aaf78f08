import { redirect } from '@sveltejs/kit';
import { isUuid } from '#domain/ids.ts';
import { threadInput } from '#server/usecases/messages/start-thread.ts';
import { loading, requireStaff } from '#web/guard.ts';
import { staffUploadAction } from '../../../portal/upload-action.ts';
import type { Actions, PageServerLoad } from './$types';

const MAX_QUERY = 100;

/** The client is chosen first: by a link from their page, or searched for here. */
export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'messages.manage');
		const { messages } = event.locals.app;
		const id = event.url.searchParams.get('client') ?? '';
		if (isUuid(id)) return { client: await messages.readClient(actor, id), q: '', found: [] };
		const q = (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY);
		return { client: null, q, found: await messages.findClients(actor, q) };
	});

export const actions: Actions = {
	create: staffUploadAction(
		{
			permission: 'messages.manage',
			needs: 'thread.started',
			clientOf: (event) => event.url.searchParams.get('client') ?? ''
		},
		threadInput,
		async (event, input, staged) => {
			const { actor } = requireStaff(event, 'messages.manage');
			// The address names the client; a field of the form must not name another one than the page showed.
			const clientId = event.url.searchParams.get('client') ?? '';
			const { app, origin } = event.locals;
			const id = await app.messages.start(actor, { ...input, clientId }, staged, origin);
			redirect(303, `/messages/${id}`);
		}
	)
};
