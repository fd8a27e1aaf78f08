import { redirect, type RequestEvent } from '@sveltejs/kit';
import { clientPortal } from '#domain/client-portal.ts';
import { clientPortalInput } from '#server/usecases/portal-setup/change-client-portal.ts';
import { undoForm } from '#web/setup-answer.ts';
import { choicesOf } from '#web/choices-form.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm, checked, entriesOf, entryField } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

/** The page behind the forms of the tab: what a form without script answers when something was wrong. */
export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'clients.read');
	const { agency, portalSetup } = event.locals.app;
	return loading(async () => {
		const { id, name } = await agency.readClient(actor, event.params.id);
		return {
			client: { id, name },
			portal: clientPortal(await portalSetup.readClientSetup(actor, id)),
			mayManage: permissions.has('portal.manage')
		};
	});
};

type Half = Pick<
	Parameters<App.Locals['app']['portalSetup']['changeClientPortal']>[1],
	'choices' | 'entries'
>;

async function change(
	event: RequestEvent,
	half: Half & { reset?: boolean },
	fieldOf: Parameters<typeof checked>[2] = () => ''
): Promise<never> {
	const { actor } = requireStaff(event);
	const clientId = event.params['id'] ?? '';
	const input = checked(clientPortalInput, { clientId, ...half }, fieldOf);
	const saved = await event.locals.app.portalSetup.changeClientPortal(actor, input, event.locals.origin);
	// The number of the change's row: by it the tab offers to take it back.
	redirect(303, `/clients/${clientId}?tab=portal&saved=${saved?.seq ?? 'same'}`);
}

export const actions: Actions = {
	menu: formAction(anyForm, (event, values) => {
		const entries = entriesOf(values) as NonNullable<Half['entries']>;
		return change(event, { entries }, entryField(entries));
	}),
	elements: formAction(anyForm, (event, values) =>
		change(event, { choices: choicesOf(values) as NonNullable<Half['choices']> })
	),
	reset: formAction(anyForm, (event) => change(event, { reset: true })),
	undo: formAction(undoForm, async (event: RequestEvent, { undo }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.portalSetup.undo(actor, undo, event.locals.origin);
		redirect(303, `/clients/${event.params['id'] ?? ''}?tab=portal&saved=undone`);
	})
};
