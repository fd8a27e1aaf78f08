// Roles of the agency: its own as any set of the catalogue, and the built-in ones but Super Admin, which can be set back.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { RoleId } from '#domain/ids.ts';
import { BUILT_IN_ROLES, PERMISSIONS, type Permission } from '#domain/permissions.ts';
import { mayEditRole, mayGiveRole } from '#domain/team-rules.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { beginTeamChange, readMembers, readRole, requireRule, texts, type TeamRole } from './people.ts';

const name = z.string().trim().min(1, 'Give the role a name.').max(60, 'Keep the name under 60 characters.');
const permissions = z
	.array(z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]))
	.max(100)
	.default([])
	.transform((list) => (Object.keys(PERMISSIONS) as Permission[]).filter((held) => list.includes(held)));

export const newRoleInput = z.object({ name, permissions });
export type NewRoleInput = z.infer<typeof newRoleInput>;
export const editRoleInput = newRoleInput.extend({ roleId: z.string() });
export type EditRoleInput = z.infer<typeof editRoleInput>;
export const roleIdInput = z.object({ roleId: z.string() });
export type RoleIdInput = z.infer<typeof roleIdInput>;

/** Two roles of one name could not be told apart where people choose one. */
async function requireFreeName(
	tx: Tx,
	actor: StaffActor,
	wanted: string,
	except: string | null
): Promise<void> {
	const taken = await tx.execute(sql`SELECT FROM role WHERE agency_id = ${actor.agencyId}
		AND lower(name) = lower(${wanted}) AND id IS DISTINCT FROM ${except}::uuid`);
	if (taken.length > 0 || wanted.toLowerCase() === 'client')
		throw new AppError('conflict', 'There is a role of this name already. Choose another name.', {
			field: 'name'
		});
}

/** @throws AppError `not_allowed` for permissions the actor does not hold (logged), `conflict` */
export const createRole =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: StaffActor, input: NewRoleInput, origin: Origin): Promise<RoleId> =>
		act(actor, { action: 'role.created', origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const id = ids.uuid() as RoleId;
			const key = `custom_${id}`;
			requireRule(mayGiveRole(me, { key, permissions: input.permissions }));
			await requireFreeName(tx, actor, input.name, null);
			await tx.execute(sql`INSERT INTO role (id, agency_id, key, name, permissions)
				VALUES (${id}, ${actor.agencyId}, ${key}, ${input.name}, ${texts(input.permissions)})`);
			return {
				value: id,
				subject: { type: 'role', id, label: input.name },
				details: { permissions: input.permissions }
			};
		});

type Wanted = { name: string; permissions: readonly Permission[] };

async function store(tx: Tx, actor: StaffActor, role: TeamRole, wanted: Wanted) {
	const me = await beginTeamChange(tx, actor);
	const holders = await readMembers(tx, actor.agencyId, sql`r.id = ${role.id}`);
	requireRule(mayEditRole(me, { ...role, holders }, wanted.permissions));
	await requireFreeName(tx, actor, wanted.name, role.id);
	await tx.execute(
		sql`UPDATE role SET name = ${wanted.name}, permissions = ${texts(wanted.permissions)} WHERE id = ${role.id}`
	);
	const added = wanted.permissions.filter((held) => !role.permissions.includes(held));
	const removed = role.permissions.filter((held) => !wanted.permissions.includes(held as Permission));
	return {
		value: undefined,
		subject: { type: 'role', id: role.id, label: wanted.name },
		details: { added, removed, ...(role.name !== wanted.name && { nameBefore: role.name }) }
	};
}

/** Built-in roles keep their names. @throws AppError `not_allowed` (logged), `conflict`, `not_found` */
export const editRole =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: EditRoleInput, origin: Origin): Promise<void> => {
		await act(actor, { action: 'role.edited', origin }, async (tx) => {
			const role = await readRole(tx, actor.agencyId, input.roleId);
			return store(tx, actor, role, { ...input, name: role.builtIn ? role.name : input.name });
		});
	};

/** @throws AppError `conflict` for a role that has no default, otherwise as `editRole` */
export const resetRole =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { roleId }: RoleIdInput, origin: Origin): Promise<void> => {
		await act(actor, { action: 'role.edited', origin }, async (tx) => {
			const role = await readRole(tx, actor.agencyId, roleId);
			const standard = role.builtIn ? BUILT_IN_ROLES[role.key] : undefined;
			if (!standard)
				throw new AppError('conflict', 'This role is your own and has no default to go back to.');
			return store(tx, actor, role, { name: role.name, permissions: standard.permissions });
		});
	};

/** @throws AppError `conflict` for a built-in role or one that somebody holds, otherwise as `editRole` */
export const removeRole =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { roleId }: RoleIdInput, origin: Origin): Promise<void> => {
		await act(actor, { action: 'role.removed', origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const role = await readRole(tx, actor.agencyId, roleId);
			// Below, a role that anybody holds stays.
			requireRule(mayEditRole(me, { ...role, holders: [] }, []));
			if (role.builtIn)
				throw new AppError('conflict', 'Built-in roles stay. Set it back to its default instead.');
			const holders = await tx.execute(sql`SELECT FROM staff WHERE role_id = ${role.id}`);
			if (holders.length > 0)
				throw new AppError('conflict', 'Somebody holds this role. Give them another role first.');
			await tx.execute(sql`DELETE FROM role WHERE id = ${role.id}`);
			return {
				value: undefined,
				subject: { type: 'role', id: role.id, label: role.name },
				details: { permissions: role.permissions }
			};
		});
	};
