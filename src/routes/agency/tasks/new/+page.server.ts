import { redirect } from '@sveltejs/kit';
import { staffTaskInput } from '#server/usecases/tasks/task-fields.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const MAX_QUERY = 100;
const clientOf = (event: Pick<RequestEvent, 'url'>): string => event.url.searchParams.get('client') ?? '';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'tasks.manage');
		const { tasks, agency } = event.locals.app;
		const clientId = clientOf(event);
		const q = (event.url.searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY);
		const colleagues = await tasks.colleagues(actor);
		if (!clientId) return { client: null, colleagues, q, found: await tasks.findClients(actor, q) };
		const { id, name } = await agency.readClient(actor, clientId);
		return { client: { id, name }, colleagues, q, found: [] };
	});

export const actions: Actions = {
	create: formAction(staffTaskInput, async (event: RequestEvent, input) => {
		const { actor } = requireStaff(event, 'tasks.manage');
		const { app, origin } = event.locals;
		const id = await app.tasks.create(actor, { ...input, clientId: clientOf(event) }, origin);
		redirect(303, `/tasks/${id}`);
	})
};
