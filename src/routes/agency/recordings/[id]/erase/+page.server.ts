import { redirect } from '@sveltejs/kit';
import { eraseInput } from '#server/usecases/retention/erase-recording.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'erase');
	return loading(async () => {
		const head = await event.locals.app.retention.readToErase(actor, event.params.id);
		return { ...head, done: event.url.searchParams.has('done') };
	});
};

export const actions: Actions = {
	erase: formAction(eraseInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		const impersonationId = event.params['id'] ?? '';
		await app.retention.eraseRecording(actor, { ...input, impersonationId }, origin);
		redirect(303, `/recordings/${impersonationId}/erase?done`);
	})
};
