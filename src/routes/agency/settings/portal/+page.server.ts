import { setupTable } from '#domain/setup-table.ts';
import { defaultsInput } from '#server/usecases/portal-setup/set-portal-defaults.ts';
import { savedSetup, undoForm } from '#web/setup-answer.ts';
import { choicesOf } from '#web/choices-form.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'portal.manage');
	const agency = await loading(() => event.locals.app.portalSetup.readDefaults(actor));
	return { groups: setupTable({ agency, client: {} }, 'agency') };
};

export const actions: Actions = {
	save: formAction(anyForm, async (event, values) => {
		const { actor } = requireStaff(event);
		const input = defaultsInput.parse({ choices: choicesOf(values) });
		const saved = await event.locals.app.portalSetup.setDefaults(actor, input, event.locals.origin);
		return savedSetup(saved, 'Saved. Clients see it with their next click.');
	}),
	undo: formAction(undoForm, async (event, { undo }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.portalSetup.undo(actor, undo, event.locals.origin);
		return { saved: 'Taken back. It is as it was before.' };
	})
};
