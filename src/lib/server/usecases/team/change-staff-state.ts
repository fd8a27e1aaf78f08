// Whether a staff member works here. Deactivating ends every session of theirs in the same change, then whatever they
// impersonate; watching ends by the hub, which asks for the session each half second.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { StaffId } from '#domain/ids.ts';
import { mayLeaveSuperAdmin, mayManage } from '#domain/team-rules.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { EndResting } from '../impersonation/end-resting.ts';
import { rightsChanged } from './change-staff-role.ts';
import { beginTeamChange, countSuperAdmins, present, readMember, requireRule } from './people.ts';

export const staffStateInput = z.object({ staffId: z.string(), active: z.stringbool() });
export type StaffStateInput = z.infer<typeof staffStateInput>;

async function closeOut(tx: Tx, staffId: StaffId): Promise<void> {
	await tx.execute(sql`DELETE FROM staff_session WHERE user_id = ${staffId}`);
	// An open invitation would be a way back in.
	await tx.execute(sql`UPDATE invitation SET expires_at = clock_timestamp()
		WHERE staff_id = ${staffId} AND used_at IS NULL AND expires_at > clock_timestamp()`);
}

type Dependencies = { act: Act; endResting: EndResting };

/** @throws AppError `not_allowed` by the rules of the team (logged), `conflict` when it is so already, `not_found` */
export const changeStaffState =
	({ act, endResting }: Dependencies) =>
	async (actor: StaffActor, { staffId, active }: StaffStateInput, origin: Origin): Promise<void> => {
		const { agencyId } = actor;
		const action = active ? 'staff.activated' : 'staff.deactivated';
		const id = await act(actor, { action, origin }, async (tx) => {
			const me = await beginTeamChange(tx, actor);
			const other = await readMember(tx, agencyId, staffId);
			requireRule(mayManage(me, other));
			if (other.active === active)
				throw new AppError('conflict', `${other.name} is ${active ? 'active' : 'deactivated'} already.`);
			if (!active) requireRule(mayLeaveSuperAdmin(present(other), await countSuperAdmins(tx, agencyId)));
			await tx.execute(
				sql`UPDATE staff SET active = ${active}, updated_at = clock_timestamp() WHERE id = ${other.staffId}`
			);
			if (!active) await closeOut(tx, other.staffId);
			return {
				value: other.staffId,
				subject: { type: 'staff', id: other.staffId, label: other.name },
				outbox: [rightsChanged(agencyId, other.staffId)]
			};
		});
		if (!active) await endResting(agencyId, { staffId: id });
	};
