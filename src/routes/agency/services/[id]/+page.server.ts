import { redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { draftOf } from '#domain/service-draft.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { checkService } from '#server/usecases/services/service-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { changedDraft, draftFault, sentFields } from '#web/service-form.ts';
import type { Actions, PageServerLoad } from './$types';

const MAX_QUERY = 100;
const PAGE = /^[1-9][0-9]{0,3}$/;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'services.manage');
		const { services } = event.locals.app;
		const q = (event.url.searchParams.get('client') ?? '').trim().slice(0, MAX_QUERY);
		const asked = event.url.searchParams.get('chosen') ?? '';
		const page = PAGE.test(asked) ? Number(asked) : 1;
		const service = await services.readDraft(actor, event.params.id);
		const clients =
			service.draft.visibleTo === 'chosen'
				? await services.listClients(actor, service.id, { q, page })
				: null;
		return { service, clients, q, chosen: { page, pageSize: PAGE_SIZE } };
	});

const nothing = z.object({});
const showForm = z.object({ clientId: z.string(), shown: z.enum(['1', '0']), q: z.string().default('') });
const actorOf = (event: RequestEvent) => requireStaff(event, 'services.manage').actor;
const idOf = (event: RequestEvent): string => event.params['id'] ?? '';

export const actions: Actions = {
	rows: formAction(sentFields, (event, sent) => {
		actorOf(event);
		return Promise.resolve(changedDraft(sent));
	}),
	save: formAction(sentFields, async (event, sent) => {
		const actor = actorOf(event);
		const draft = draftOf(sent);
		const checked = checkService(draft);
		if (!checked.ok) return draftFault(draft, checked.issues);
		const { app, origin } = event.locals;
		const id = idOf(event);
		await app.services.edit(actor, { id, version: Number(sent['version']), input: checked.input }, origin);
		redirect(303, `/services/${id}?saved=changed`);
	}),
	publish: formAction(nothing, async (event) => {
		await event.locals.app.services.publish(actorOf(event), idOf(event), event.locals.origin);
	}),
	archive: formAction(nothing, async (event) => {
		await event.locals.app.services.archive(actorOf(event), idOf(event), event.locals.origin);
	}),
	/** Shows it to a client or takes it away; from the client's own page it leads back there. */
	show: formAction(showForm, async (event, { clientId, shown }) => {
		const { app, origin } = event.locals;
		const change = { serviceId: idOf(event), clientId, shown: shown === '1' };
		await app.services.showTo(actorOf(event), change, origin);
		if (event.url.searchParams.get('next') === 'client') redirect(303, `/clients/${clientId}?tab=services`);
	})
};
