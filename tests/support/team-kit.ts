// The use cases of the team over a test database.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { EndResting } from '#server/usecases/impersonation/end-resting.ts';
import { createRole, editRole, removeRole, resetRole } from '#server/usecases/team/change-roles.ts';
import { changeStaffPermissions, changeStaffRole } from '#server/usecases/team/change-staff-role.ts';
import { changeStaffState } from '#server/usecases/team/change-staff-state.ts';
import { inviteStaff, reinviteStaff, withdrawInvitation } from '#server/usecases/team/invite-staff.ts';
import { readOneRole, readRoles, readStaffMember } from '#server/usecases/team/read-team.ts';
import { testInvite } from './client-kit.ts';

export const teamKit = ({ db, act, endResting }: { db: Db; act: Act; endResting: EndResting }) => ({
	readMember: readStaffMember({ db }),
	readRoles: readRoles({ db }),
	readRole: readOneRole({ db }),
	invite: inviteStaff({ act, invite: testInvite }),
	reinvite: reinviteStaff({ act, invite: testInvite }),
	withdrawInvitation: withdrawInvitation({ act }),
	changeRole: changeStaffRole({ act }),
	changePermissions: changeStaffPermissions({ act }),
	changeState: changeStaffState({ act, endResting }),
	createRole: createRole({ act, ids: testInvite.ids }),
	editRole: editRole({ act }),
	resetRole: resetRole({ act }),
	removeRole: removeRole({ act })
});

/** Gives everybody who was seeded a password of their own: they are no open invitations. */
export async function acceptAll(db: Db, agencyId: AgencyId): Promise<void> {
	const people = await db.execute<{ id: string }>(sql`SELECT id FROM staff WHERE agency_id = ${agencyId}`);
	for (const { id } of people)
		await db.execute(sql`INSERT INTO staff_account (id, user_id, account_id, provider_id, password)
			VALUES (${randomUUID()}, ${id}, ${id}, 'credential', 'x')`);
}

export async function roleIdOf(db: Db, agencyId: AgencyId, key: string): Promise<string> {
	const [row] = await db.execute<{ id: string }>(
		sql`SELECT id FROM role WHERE agency_id = ${agencyId} AND key = ${key}`
	);
	return row!.id;
}
