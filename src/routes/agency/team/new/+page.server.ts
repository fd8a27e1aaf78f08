import { redirect } from '@sveltejs/kit';
import { inviteStaffInput } from '#server/usecases/team/invite-staff.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'team.manage');
	const { roles } = await loading(() => event.locals.app.team.readRoles(actor));
	return { roles: roles.filter((role) => role.mayGive).map(({ id, name }) => ({ id, name })) };
};

export const actions: Actions = {
	invite: formAction(inviteStaffInput, async (event, input) => {
		const { actor } = requireStaff(event);
		await event.locals.app.team.invite(actor, input, event.locals.origin);
		redirect(303, '/team?changed=invited');
	})
};
