import { redirect } from '@sveltejs/kit';
import { createClientInput } from '#server/usecases/clients/create-client.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.manage');
	return { colleagues: await loading(() => event.locals.app.clients.colleagues(actor)) };
};

export const actions: Actions = {
	create: formAction(
		createClientInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			const { app, origin } = event.locals;
			redirect(
				303,
				`/clients/${await app.clients.create(actor, input, origin)}?tab=contacts&changed=created`
			);
		},
		['staffIds']
	)
};
