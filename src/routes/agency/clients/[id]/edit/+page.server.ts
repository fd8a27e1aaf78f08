import { redirect } from '@sveltejs/kit';
import { gigabytesOf } from '#domain/storage-limit.ts';
import { assignInput } from '#server/usecases/clients/assign-client.ts';
import { statusInput } from '#server/usecases/clients/change-client-status.ts';
import { editClientFields } from '#server/usecases/clients/edit-client.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'clients.manage');
	const { agency, clients } = event.locals.app;
	return loading(async () => {
		const client = await agency.readClient(actor, event.params.id);
		const [colleagues, storage] = await Promise.all([
			clients.colleagues(actor),
			clients.readStorage(actor, client.id)
		]);
		const isHeld = (id: string) => client.assignees.some((person) => person.id === id);
		const gone = client.assignees.filter(({ id }) => !colleagues.some((person) => person.id === id));
		const { name, industry, website, phone, address, taxId, internalNote } = client;
		return {
			client: {
				id: client.id,
				status: client.status,
				name,
				industry,
				website,
				phone,
				address,
				taxId,
				internalNote
			},
			storage: {
				own: storage.own === null ? '' : String(gigabytesOf(storage.own)),
				usual: gigabytesOf(storage.usual)
			},
			colleagues: [
				...colleagues.map(({ id, name, role }) => ({ id, name, role, held: isHeld(id) })),
				// Deactivated people who are still named can be taken off, not put on.
				...gone.map(({ id, name }) => ({ id, name, role: 'Deactivated', held: true }))
			]
		};
	});
};

export const actions: Actions = {
	save: formAction(editClientFields, async (event, fields) => {
		const { actor } = requireStaff(event);
		const clientId = event.params['id'] ?? '';
		await event.locals.app.clients.edit(actor, { ...fields, clientId }, event.locals.origin);
		redirect(303, `/clients/${clientId}`);
	}),
	assign: formAction(
		assignInput.omit({ clientId: true }),
		async (event, { staffIds }) => {
			const { actor } = requireStaff(event);
			const clientId = event.params['id'] ?? '';
			await event.locals.app.clients.assign(actor, { clientId, staffIds }, event.locals.origin);
			redirect(303, `/clients/${clientId}`);
		},
		['staffIds']
	),
	/** The client's page then says what happened and offers to undo it. */
	status: formAction(statusInput.omit({ clientId: true }), async (event, { change, to }) => {
		const { actor } = requireStaff(event);
		const clientId = event.params['id'] ?? '';
		const { app, origin } = event.locals;
		const { before } = await app.clients.changeStatus(actor, { clientId, change, to }, origin);
		redirect(303, `/clients/${clientId}?changed=${change}&was=${before}`);
	})
};
