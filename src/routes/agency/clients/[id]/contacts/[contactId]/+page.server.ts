import { redirect, type RequestEvent } from '@sveltejs/kit';
import { AppError } from '#domain/errors.ts';
import { contactRightsInput } from '#server/usecases/clients/change-contact-rights.ts';
import { contactStateInput } from '#server/usecases/clients/change-contact-state.ts';
import { editContactInput } from '#server/usecases/clients/edit-contact.ts';
import { contactIdInput } from '#server/usecases/clients/invite-contact.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.manage');
	return loading(async () => {
		const client = await event.locals.app.agency.readClient(actor, event.params.id);
		const contact = client.contacts.find(({ id }) => id === event.params.contactId);
		if (!contact) throw new AppError('not_found', 'There is no such contact.');
		const { refusal: _refusal, ...shown } = contact;
		return { client: { id: client.id, name: client.name, status: client.status }, contact: shown };
	});
};

const OF = { clientId: true, contactId: true } as const;
const whose = ({ params }: RequestEvent) => ({
	clientId: params['id'] ?? '',
	contactId: params['contactId'] ?? ''
});
const done = (event: RequestEvent, changed?: string): never =>
	redirect(303, `/clients/${event.params['id']}?tab=contacts${changed ? `&changed=${changed}` : ''}`);

export const actions: Actions = {
	save: formAction(editContactInput.omit(OF), async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.clients.editContact(actor, { ...input, ...whose(event) }, event.locals.origin);
		done(event);
	}),
	rights: formAction(
		contactRightsInput.omit(OF),
		async (event, input) => {
			const { actor } = requireStaff(event);
			const { app, origin } = event.locals;
			await app.clients.changeContactRights(actor, { ...input, ...whose(event) }, origin);
			done(event, input.makeOwner ? 'owner' : undefined);
		},
		['rights']
	),
	state: formAction(contactStateInput.omit(OF), async (event, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.clients.changeContactState(actor, { ...input, ...whose(event) }, origin);
		// Back to this page, where the other button undoes it.
		redirect(303, event.url.pathname);
	}),
	reinvite: formAction(contactIdInput.omit(OF), async (event) => {
		const { actor } = requireStaff(event);
		await event.locals.app.clients.reinviteContact(actor, whose(event), event.locals.origin);
		done(event, 'invited');
	})
};
