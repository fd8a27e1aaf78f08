// Use cases of staff members and roles.
import { endImpersonation } from '../usecases/impersonation/end-impersonation.ts';
import { endResting } from '../usecases/impersonation/end-resting.ts';
import { createRole, editRole, removeRole, resetRole } from '../usecases/team/change-roles.ts';
import { changeStaffPermissions, changeStaffRole } from '../usecases/team/change-staff-role.ts';
import { changeStaffState } from '../usecases/team/change-staff-state.ts';
import { inviteStaff, reinviteStaff, withdrawInvitation } from '../usecases/team/invite-staff.ts';
import { listTeam } from '../usecases/team/list-team.ts';
import { readOneRole, readRoles, readStaffMember } from '../usecases/team/read-team.ts';
import type { Parts } from './parts.ts';

export const composeTeam = ({ act, db, ids, config }: Parts) => {
	const invite = { ids, agencyOrigin: config.agencyOrigin, portalOrigin: config.portalOrigin };
	return {
		list: listTeam({ db }),
		readMember: readStaffMember({ db }),
		readRoles: readRoles({ db }),
		readRole: readOneRole({ db }),
		invite: inviteStaff({ act, invite }),
		reinvite: reinviteStaff({ act, invite }),
		withdrawInvitation: withdrawInvitation({ act }),
		changeRole: changeStaffRole({ act }),
		changePermissions: changeStaffPermissions({ act }),
		changeState: changeStaffState({
			act,
			endResting: endResting({ db, end: endImpersonation({ act, db }) })
		}),
		createRole: createRole({ act, ids }),
		editRole: editRole({ act }),
		resetRole: resetRole({ act }),
		removeRole: removeRole({ act })
	};
};
