import { redirect } from '@sveltejs/kit';
import { eraseInput } from '#server/usecases/retention/erase-recording.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'erase');
	return loading(async () => {
		const { id, name, status } = await event.locals.app.agency.readClient(actor, event.params.id);
		return { id, name, status, done: event.url.searchParams.has('done') };
	});
};

export const actions: Actions = {
	erase: formAction(eraseInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		const clientId = event.params['id'] ?? '';
		await app.retention.eraseClient(actor, { ...input, clientId }, origin);
		redirect(303, `/clients/${clientId}/erase?done`);
	})
};
