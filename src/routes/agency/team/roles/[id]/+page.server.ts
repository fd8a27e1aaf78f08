import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { editRoleInput } from '#server/usecases/team/change-roles.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'team.read');
	const shown = await loading(() => event.locals.app.team.readRole(actor, event.params.id));
	return { ...shown, mayCreate: permissions.has('team.manage') };
};

const NOTHING = z.object({});

export const actions: Actions = {
	save: formAction(
		editRoleInput.omit({ roleId: true }),
		async (event, input) => {
			const { actor } = requireStaff(event);
			const roleId = event.params['id'] ?? '';
			await event.locals.app.team.editRole(actor, { ...input, roleId }, event.locals.origin);
			redirect(303, '/team/roles?changed=edited');
		},
		['permissions']
	),
	reset: formAction(NOTHING, async (event) => {
		const { actor } = requireStaff(event);
		const roleId = event.params['id'] ?? '';
		await event.locals.app.team.resetRole(actor, { roleId }, event.locals.origin);
		redirect(303, '/team/roles?changed=edited');
	}),
	remove: formAction(NOTHING, async (event) => {
		const { actor } = requireStaff(event);
		const roleId = event.params['id'] ?? '';
		await event.locals.app.team.removeRole(actor, { roleId }, event.locals.origin);
		redirect(303, '/team/roles?changed=removed');
	})
};
