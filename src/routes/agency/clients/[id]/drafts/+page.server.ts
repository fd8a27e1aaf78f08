import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { formAction, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

const listOf = (clientId: string): string => `/clients/${encodeURIComponent(clientId)}?tab=impersonations`;

/** What was prepared is listed beside the impersonations; here is only what may be done about it. */
export const load: PageServerLoad = (event) => {
	requireStaff(event, 'clients.read');
	if (event.request.method === 'GET') redirect(303, listOf(event.params.id));
	return { back: listOf(event.params.id) };
};

export const actions: Actions = {
	withdraw: formAction(z.object({ id: z.string().max(36) }), async (event, { id }) => {
		const { actor } = requireStaff(event);
		const clientId = event.params['id'] ?? '';
		await event.locals.app.drafts.withdraw(actor, { clientId, id }, event.locals.origin);
		redirect(303, listOf(clientId));
	})
};
