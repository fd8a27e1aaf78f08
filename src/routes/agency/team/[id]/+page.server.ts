import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { isPermission, type Permission } from '#domain/permissions.ts';
import { staffRoleInput } from '#server/usecases/team/change-staff-role.ts';
import { staffStateInput } from '#server/usecases/team/change-staff-state.ts';
import { staffIdInput } from '#server/usecases/team/invite-staff.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'team.read');
	return { member: await loading(() => event.locals.app.team.readMember(actor, event.params.id)) };
};

const OF = { staffId: true } as const;
const NONE = staffIdInput.omit(OF);

/** One select for each permission: `p:clients.read` is "role", "granted" or "withdrawn". */
const exceptionsForm = z.record(z.string(), z.string()).transform((fields) => {
	const chosen = (as: string): Permission[] =>
		Object.entries(fields)
			.filter(([name, value]) => name.startsWith('p:') && value === as)
			.map(([name]) => name.slice(2))
			.filter(isPermission);
	return { granted: chosen('granted'), withdrawn: chosen('withdrawn') };
});

export const actions: Actions = {
	role: formAction(staffRoleInput.omit(OF), async (event, { roleId }) => {
		const { actor } = requireStaff(event);
		const staffId = event.params['id'] ?? '';
		await event.locals.app.team.changeRole(actor, { staffId, roleId }, event.locals.origin);
		redirect(303, `/team/${staffId}?changed=role`);
	}),
	permissions: formAction(exceptionsForm, async (event, exceptions) => {
		const { actor } = requireStaff(event);
		const staffId = event.params['id'] ?? '';
		const { app, origin } = event.locals;
		await app.team.changePermissions(actor, { staffId, ...exceptions }, origin);
		redirect(303, `/team/${staffId}?changed=permissions`);
	}),
	/** Back to this page, where the other button undoes it. */
	state: formAction(staffStateInput.omit(OF), async (event, { active }) => {
		const { actor } = requireStaff(event);
		const staffId = event.params['id'] ?? '';
		await event.locals.app.team.changeState(actor, { staffId, active }, event.locals.origin);
		redirect(303, `/team/${staffId}?changed=${active ? 'activated' : 'deactivated'}`);
	}),
	reinvite: formAction(NONE, async (event) => {
		const { actor } = requireStaff(event);
		const staffId = event.params['id'] ?? '';
		await event.locals.app.team.reinvite(actor, { staffId }, event.locals.origin);
		redirect(303, '/team?changed=invited');
	}),
	withdraw: formAction(NONE, async (event) => {
		const { actor } = requireStaff(event);
		const staffId = event.params['id'] ?? '';
		await event.locals.app.team.withdrawInvitation(actor, { staffId }, event.locals.origin);
		redirect(303, '/team?changed=withdrawn');
	})
};
