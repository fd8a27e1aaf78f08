// Gives a staff member another role, or single permissions beside it. The gate and the hub read both anew for every
// request and each second, so that a running impersonation or watch feels it at once.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { AgencyId } from '#domain/ids.ts';
import { PERMISSIONS, type Permission } from '#domain/permissions.ts';
import {
	mayGiveRole,
	mayLeaveSuperAdmin,
	mayManage,
	maySetExceptions,
	SUPER_ADMIN
} from '#domain/team-rules.ts';
import type { Act } from '#server/db/act.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import {
	beginTeamChange,
	countSuperAdmins,
	present,
	readMember,
	readRole,
	requireRule,
	texts
} from './people.ts';

const permissions = z.array(z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]])).max(100);

export const staffRoleInput = z.object({ staffId: z.string(), roleId: z.string() });
export type StaffRoleInput = z.infer<typeof staffRoleInput>;

/** The hub need not wait for its next sweep. */
export const rightsChanged = (agencyId: AgencyId, staffId: string): OutboxItem => ({
	kind: 'signal',
	signal: { topic: 'rights.changed', agencyId, staffId }
});

/** @throws AppError `not_allowed` by the rules of the team (logged), `not_found` */
export const changeStaffRole =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { staffId, roleId }: StaffRoleInput, origin: Origin): Promise<void> => {
		const { agencyId } = actor;
		await act(actor, { action: 'staff.role_changed', origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const other = await readMember(tx, agencyId, staffId);
			const role = await readRole(tx, agencyId, roleId);
			requireRule(mayManage(me, other));
			requireRule(mayGiveRole(me, role));
			// What was granted beside the old role stays and counts too.
			requireRule(mayManage(me, { ...other, role }));
			if (role.key !== other.role.key)
				requireRule(mayLeaveSuperAdmin(present(other), await countSuperAdmins(tx, agencyId)));
			// A Super Admin holds everything: what was withdrawn before would cut it in silence.
			const exceptions = role.key === SUPER_ADMIN ? sql`, granted = '{}', withdrawn = '{}'` : sql``;
			await tx.execute(sql`UPDATE staff SET role_id = ${role.id}, updated_at = clock_timestamp()${exceptions}
				WHERE id = ${other.staffId}`);
			return {
				value: undefined,
				subject: { type: 'staff', id: other.staffId, label: other.name },
				details: { before: other.role.name, after: role.name },
				outbox: [rightsChanged(agencyId, other.staffId)]
			};
		});
	};

export const staffPermissionsInput = z.object({
	staffId: z.string(),
	granted: permissions.default([]),
	withdrawn: permissions.default([])
});
export type StaffPermissionsInput = z.infer<typeof staffPermissionsInput>;

/** @throws AppError `not_allowed` by the rules of the team (logged), `not_found` */
export const changeStaffPermissions =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: StaffPermissionsInput, origin: Origin): Promise<void> => {
		const { agencyId } = actor;
		await act(actor, { action: 'staff.permissions_changed', origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const other = await readMember(tx, agencyId, input.staffId);
			// Withdrawing wins: one permission never stands on both lists.
			const granted = input.granted.filter((permission) => !input.withdrawn.includes(permission));
			const { withdrawn } = input;
			requireRule(maySetExceptions(me, other, { granted, withdrawn }));
			await tx.execute(sql`UPDATE staff SET granted = ${texts(granted)}, withdrawn = ${texts(withdrawn)},
				updated_at = clock_timestamp() WHERE id = ${other.staffId}`);
			const before = { granted: other.granted, withdrawn: other.withdrawn };
			return {
				value: undefined,
				subject: { type: 'staff', id: other.staffId, label: other.name },
				details: { before, after: { granted, withdrawn } },
				outbox: [rightsChanged(agencyId, other.staffId)]
			};
		});
	};
