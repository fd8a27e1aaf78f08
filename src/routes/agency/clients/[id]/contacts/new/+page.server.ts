import { redirect } from '@sveltejs/kit';
import { inviteContactInput } from '#server/usecases/clients/invite-contact.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.manage');
	const { id, name, contacts } = await loading(() =>
		event.locals.app.agency.readClient(actor, event.params.id)
	);
	return { client: { id, name, hasOwner: contacts.some((contact) => contact.isOwner) } };
};

export const actions: Actions = {
	invite: formAction(
		inviteContactInput.omit({ clientId: true }),
		async (event, input) => {
			const { actor } = requireStaff(event);
			const clientId = event.params['id'] ?? '';
			await event.locals.app.clients.inviteContact(actor, { ...input, clientId }, event.locals.origin);
			redirect(303, `/clients/${clientId}?tab=contacts&changed=invited`);
		},
		['rights']
	)
};
