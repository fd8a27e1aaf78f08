import { z } from 'zod';
import { emailInput } from '#server/usecases/account/change-email.ts';
import { passwordInput } from '#server/usecases/account/change-password.ts';
import { codeInput, ownPasswordInput } from '#server/usecases/account/two-factor.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { forwardCookies } from '#web/sign-in-cookies.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event);
		const { account } = event.locals.app;
		const [profile, sessions, signIns] = await Promise.all([
			account.readProfile(actor),
			account.listSessions(actor, actor.sessionId),
			account.listSignIns(actor)
		]);
		return { profile, sessions, signIns };
	});

/** Who asks, and how the sign-in library is asked in their name. */
const who = (event: RequestEvent) => {
	const { actor } = requireStaff(event);
	const { origin, app } = event.locals;
	const caller = {
		origin: app.config.agencyOrigin,
		address: origin.ip ?? 'unknown',
		userAgent: origin.userAgent,
		cookie: event.request.headers.get('cookie') ?? ''
	};
	return { actor, account: app.account, by: { caller, sessionId: actor.sessionId, origin } };
};

export const actions: Actions = {
	email: formAction(emailInput, async (event: RequestEvent, input) => {
		const { actor, account, by } = who(event);
		await account.requestEmailChange(actor, input, by.origin);
		return { emailAsked: true };
	}),
	password: formAction(passwordInput, async (event: RequestEvent, input) => {
		const { actor, account, by } = who(event);
		await account.changePassword(actor, input, by);
		return { passwordChanged: true };
	}),
	endSession: formAction(z.object({ session: z.string() }), async (event: RequestEvent, { session }) => {
		const { actor, account, by } = who(event);
		await account.endSession(actor, session, by);
	}),
	twoFactorOn: formAction(ownPasswordInput, async (event: RequestEvent, { password }) => {
		const { actor, account, by } = who(event);
		return { setup: await account.startTwoFactor(actor, password, by) };
	}),
	twoFactorCode: formAction(codeInput, async (event: RequestEvent, { code }) => {
		const { actor, account, by } = who(event);
		const { cookies, backupCodes } = await account.finishTwoFactor(actor, code, by);
		forwardCookies(event, cookies);
		return { backupCodes };
	}),
	twoFactorOff: formAction(ownPasswordInput, async (event: RequestEvent, { password }) => {
		const { actor, account, by } = who(event);
		forwardCookies(event, await account.stopTwoFactor(actor, password, by));
	}),
	backupCodes: formAction(ownPasswordInput, async (event: RequestEvent, { password }) => {
		const { actor, account, by } = who(event);
		return { backupCodes: await account.newBackupCodes(actor, password, by) };
	})
};
