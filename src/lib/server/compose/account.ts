// Use cases of a person's own account, on both sides, and of the links that lead into it.
import { hash } from '@node-rs/argon2';
import type { Db } from '../db/types.ts';
import { createAttempts } from '../sign-in/attempts.ts';
import { createAuth, type Side } from '../sign-in/auth.ts';
import { acceptInvitation, readInvitation } from '../usecases/account/accept-invitation.ts';
import { confirmEmailChange, readEmailChange, requestEmailChange } from '../usecases/account/change-email.ts';
import { changePassword } from '../usecases/account/change-password.ts';
import { changeNotices, editProfile } from '../usecases/account/edit-profile.ts';
import { endSession } from '../usecases/account/end-session.ts';
import { listSignIns } from '../usecases/account/list-sign-ins.ts';
import { listTeamContacts } from '../usecases/account/list-team-contacts.ts';
import { refuseInside } from '../usecases/account/own-account.ts';
import { listSessions, readNoticeChoices, readProfile } from '../usecases/account/read-account.ts';
import { forgotPassword, isResetOpen, resetPassword } from '../usecases/account/reset-password.ts';
import {
	changeTeamRights,
	inviteTeamContact,
	reinviteTeamContact,
	removeTeamContact,
	restoreTeamContact
} from '../usecases/account/team-contacts.ts';
import {
	finishTwoFactor,
	newBackupCodes,
	startTwoFactor,
	stopTwoFactor
} from '../usecases/account/two-factor.ts';
import { endImpersonation } from '../usecases/impersonation/end-impersonation.ts';
import { endResting } from '../usecases/impersonation/end-resting.ts';
import type { Parts } from './parts.ts';

export function composeAccount({ db, act, ids, config, secret }: Parts) {
	const newId = () => ids.uuid();
	const { agencyOrigin, portalOrigin } = config;
	const origins = { agency: agencyOrigin, portal: portalOrigin };
	const attempts = {
		agency: createAttempts({ db, side: 'agency', newId }),
		portal: createAttempts({ db, side: 'portal', newId })
	};
	const hashPassword = (password: string) => hash(password);
	const authOn = (side: Side, on: Db) => createAuth({ db: on, side, origin: origins[side], secret, newId });
	const passwords = { db, act, attempts, newId, hashPassword };
	const twoFactor = { db, act, attempts, authOn };
	const emails = { db, act, ids, attempts, origins };
	const team = {
		act,
		invite: { ids, agencyOrigin, portalOrigin },
		endResting: endResting({ db, end: endImpersonation({ act, db }) })
	};
	return {
		refuseInside: (
			...[actor, action, origin]: Parameters<typeof refuseInside> extends [unknown, ...infer R] ? R : never
		) => refuseInside(act, actor, action, origin),
		readProfile: readProfile({ db }),
		listSessions: listSessions({ db }),
		listSignIns: listSignIns({ db }),
		readNoticeChoices: readNoticeChoices({ db }),
		editProfile: editProfile({ act }),
		changeNotices: changeNotices({ act }),
		changePassword: changePassword(passwords),
		endSession: endSession({ act }),
		requestEmailChange: requestEmailChange(emails),
		readEmailChange: readEmailChange({ db }),
		confirmEmailChange: confirmEmailChange({ db, act }),
		startTwoFactor: startTwoFactor(twoFactor),
		finishTwoFactor: finishTwoFactor(twoFactor),
		stopTwoFactor: stopTwoFactor(twoFactor),
		newBackupCodes: newBackupCodes(twoFactor),
		listTeam: listTeamContacts({ db }),
		inviteToTeam: inviteTeamContact(team),
		reinviteToTeam: reinviteTeamContact(team),
		changeTeamRights: changeTeamRights(team),
		removeFromTeam: removeTeamContact(team),
		restoreToTeam: restoreTeamContact(team),
		readInvitation: readInvitation({ db }),
		acceptInvitation: acceptInvitation({ db, act, newId, hashPassword }),
		forgotPassword: forgotPassword({ db, ids, attempts, origins }),
		isResetOpen: isResetOpen({ db }),
		resetPassword: resetPassword({ db, act, newId, hashPassword })
	};
}
