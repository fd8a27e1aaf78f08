import { redirect } from '@sveltejs/kit';
import { threadInput } from '#server/usecases/messages/start-thread.ts';
import { requirePortal } from '#web/guard.ts';
import { uploadAction } from '../../../upload-action.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	requirePortal(event, 'messages.send');
};

export const actions: Actions = {
	create: uploadAction(
		{ area: 'messages', needs: 'thread.started' },
		threadInput,
		async (event, input, staged) => {
			const { app, origin } = event.locals;
			const { actor } = requirePortal(event, 'messages');
			const id = await app.messages.start(actor, input, staged, origin);
			redirect(303, `/messages/${id}`);
		}
	)
};
