import { redirect } from '@sveltejs/kit';
import { draftOf } from '#domain/service-draft.ts';
import { checkService } from '#server/usecases/services/service-input.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { changedDraft, draftFault, sentFields } from '#web/service-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'services.manage');
	return { draft: await loading(() => event.locals.app.services.startDraft(actor)) };
};

export const actions: Actions = {
	rows: formAction(sentFields, (event, sent) => {
		requireStaff(event, 'services.manage');
		return Promise.resolve(changedDraft(sent));
	}),
	save: formAction(sentFields, async (event, sent) => {
		const { actor } = requireStaff(event, 'services.manage');
		const draft = draftOf(sent);
		const checked = checkService(draft);
		if (!checked.ok) return draftFault(draft, checked.issues);
		const id = await event.locals.app.services.create(actor, checked.input, event.locals.origin);
		redirect(303, `/services/${id}?saved=created`);
	})
};
