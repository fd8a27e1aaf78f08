import { redirect } from '@sveltejs/kit';
import { newRoleInput } from '#server/usecases/team/change-roles.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** `?like=` begins with what another role holds. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'team.manage');
	const { roles, mine } = await loading(() => event.locals.app.team.readRoles(actor));
	const like = roles.find((role) => role.id === event.url.searchParams.get('like'));
	return { mine, like: like ? { name: like.name, permissions: like.permissions } : null };
};

export const actions: Actions = {
	create: formAction(
		newRoleInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			await event.locals.app.team.createRole(actor, input, event.locals.origin);
			redirect(303, '/team/roles?changed=created');
		},
		['permissions']
	)
};
