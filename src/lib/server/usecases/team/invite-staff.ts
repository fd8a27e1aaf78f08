// A staff member comes about by an invitation with a role; until they choose a password it can be sent again or withdrawn.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { StaffId } from '#domain/ids.ts';
import { mayGiveRole, mayManage } from '#domain/team-rules.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { inviteInto, type InviteParts } from '../account/invite.ts';
import { emailAddress, personName } from '../clients/client-fields.ts';
import { requireFreeAddress } from '../clients/person-address.ts';
import { beginTeamChange, readMember, readRole, requireRule, type Member } from './people.ts';

export const inviteStaffInput = z.object({ name: personName, email: emailAddress, roleId: z.string() });
export type InviteStaffInput = z.infer<typeof inviteStaffInput>;

type Dependencies = { act: Act; invite: InviteParts };

/** @throws AppError `not_allowed` by the rules of the team (logged), `conflict` for an address in use, `not_found` */
export const inviteStaff =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, input: InviteStaffInput, origin: Origin): Promise<StaffId> => {
		const { agencyId } = actor;
		return act(actor, { action: 'staff.invited', origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const role = await readRole(tx, agencyId, input.roleId);
			requireRule(mayGiveRole(me, role));
			const { name, email } = input;
			await requireFreeAddress(tx, agencyId, { side: 'staff', email });
			const staffId = invite.ids.uuid() as StaffId;
			await tx.execute(sql`INSERT INTO staff (id, agency_id, role_id, name, email)
				VALUES (${staffId}, ${agencyId}, ${role.id}, ${name}, ${email})`);
			const invitee = { side: 'agency', staffId } as const;
			await inviteInto(tx, invite, { agencyId, invitee, email, name, invitedBy: me.name });
			return {
				value: staffId,
				subject: { type: 'staff', id: staffId, label: name },
				details: { role: role.name, email }
			};
		});
	};

export const staffIdInput = z.object({ staffId: z.string() });
export type StaffIdInput = z.infer<typeof staffIdInput>;

async function pendingOne(
	tx: Tx,
	actor: StaffActor,
	staffId: string
): Promise<{ me: Member; other: Member }> {
	const me = await beginTeamChange(tx, actor);
	const other = await readMember(tx, actor.agencyId, staffId);
	requireRule(mayManage(me, other));
	if (!other.pending)
		throw new AppError('conflict', `${other.name} signs in already, so there is no invitation to change.`);
	return { me, other };
}

/** Sends it again; the older link dies with it. @throws AppError `conflict`, `not_found`, `not_allowed` (logged) */
export const reinviteStaff =
	({ act, invite }: Dependencies) =>
	async (actor: StaffActor, { staffId }: StaffIdInput, origin: Origin): Promise<void> => {
		const { agencyId } = actor;
		await act(actor, { action: 'staff.invited', origin }, async (tx) => {
			const { me, other } = await pendingOne(tx, actor, staffId);
			if (!other.active) throw new AppError('conflict', `${other.name} is deactivated. Activate them first.`);
			const { name, email } = other;
			const invitee = { side: 'agency', staffId: other.staffId } as const;
			await inviteInto(tx, invite, { agencyId, invitee, email, name, invitedBy: me.name });
			return {
				value: undefined,
				subject: { type: 'staff', id: other.staffId, label: name },
				details: { again: true }
			};
		});
	};

/** Whoever was never here leaves no row: the address may be invited again. @throws as reinviteStaff does */
export const withdrawInvitation =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { staffId }: StaffIdInput, origin: Origin): Promise<void> => {
		await act(actor, { action: 'staff.invitation_withdrawn', origin }, async (tx) => {
			const { other } = await pendingOne(tx, actor, staffId);
			const id = other.staffId;
			await tx.execute(sql`DELETE FROM invitation WHERE staff_id = ${id}`);
			await tx.execute(sql`DELETE FROM client_assignment WHERE staff_id = ${id}`);
			// Something may name them by now, such as a task given to them: then the row stays, closed.
			await tx
				.transaction((inner) => inner.execute(sql`DELETE FROM staff WHERE id = ${id}`))
				.catch(() => tx.execute(sql`UPDATE staff SET active = false WHERE id = ${id}`));
			return {
				value: undefined,
				subject: { type: 'staff', id, label: other.name },
				details: { email: other.email }
			};
		});
	};
