import { AGENCY_AREAS, arrangedAgencyMenu, mayOpen } from '#domain/agency-areas.ts';
import { AppError } from '#domain/errors.ts';
import { AREAS, type AreaKey } from '#domain/portal-elements.ts';
import { isPermission } from '#domain/permissions.ts';
import { menuBelow } from '#domain/portal-setup.ts';
import { areaIcon, areaLabel, areaOrder, type PortalSetup } from '#domain/visibility.ts';
import { CLIENT_MENU, sidebarInput } from '#server/usecases/portal-setup/save-sidebar.ts';
import type { RoleMenu } from '#server/usecases/portal-setup/read-setup.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { savedSetup, undoForm } from '#web/setup-answer.ts';
import { anyForm, checked, entriesOf, entryField } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

function entriesOfRole(role: RoleMenu) {
	const permissions = new Set(role.permissions.filter(isPermission));
	return arrangedAgencyMenu(role.sidebar).map(({ key, label, icon, hidden }) => {
		const { label: usualLabel, icon: usualIcon } = AGENCY_AREAS[key];
		const note = mayOpen(key, permissions)
			? undefined
			: 'Not within this role’s permissions: only people who were granted it see it.';
		return { key, label, icon, hidden, usual: { label: usualLabel, icon: usualIcon }, mayHide: true, note };
	});
}

function entriesOfClients(agency: PortalSetup) {
	const view = { agency, client: {} };
	const usual = menuBelow(null);
	return (Object.keys(AREAS) as AreaKey[])
		.toSorted((a, b) => areaOrder(a, view) - areaOrder(b, view))
		.map((key) => ({
			key,
			label: areaLabel(key, view),
			icon: areaIcon(key, view),
			hidden: AREAS[key].mayHide && agency[key]?.hidden === true,
			usual: usual[key],
			mayHide: AREAS[key].mayHide,
			note: undefined
		}));
}

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'portal.manage');
	return loading(async () => {
		const { roles, agency } = await event.locals.app.portalSetup.readSidebars(actor);
		const asked = event.url.searchParams.get('role') ?? CLIENT_MENU;
		const role = roles.find(({ id }) => id === asked);
		if (!role && asked !== CLIENT_MENU) throw new AppError('not_found', 'There is no such role.');
		return {
			roles: roles.map(({ id, name, people }) => ({ id, name, people })),
			chosen: role ? { id: role.id, name: role.name } : { id: CLIENT_MENU, name: 'Client' },
			isClient: !role,
			entries: role ? entriesOfRole(role) : entriesOfClients(agency)
		};
	});
};

export const actions: Actions = {
	save: formAction(anyForm, async (event, values) => {
		const { actor } = requireStaff(event);
		const entries = entriesOf(values);
		const input = checked(sidebarInput, { role: values['role'], entries }, entryField(entries));
		const saved = await event.locals.app.portalSetup.saveSidebar(actor, input, event.locals.origin);
		return savedSetup(saved, values['reset'] === 'all' ? 'Back to the default.' : 'Saved.');
	}),
	undo: formAction(undoForm, async (event, { undo }) => {
		const { actor } = requireStaff(event);
		await event.locals.app.portalSetup.undo(actor, undo, event.locals.origin);
		return { saved: 'Taken back. It is as it was before.' };
	})
};
