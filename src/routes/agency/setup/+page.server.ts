import { redirect } from '@sveltejs/kit';
import { firstAdminInput } from '#server/usecases/agency/create-first-admin.ts';
import { formAction } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const token = url.searchParams.get('token') ?? '';
	return { token, usable: token.length <= 200 && (await locals.app.agency.readSetupLink(token)) };
};

export const actions: Actions = {
	create: formAction(firstAdminInput, async (event, input) => {
		await event.locals.app.agency.createFirstAdmin(input);
		redirect(303, '/login');
	})
};
