import { z } from 'zod';
import { emailInput } from '#server/usecases/account/change-email.ts';
import { passwordInput } from '#server/usecases/account/change-password.ts';
import { codeInput, ownPasswordInput } from '#server/usecases/account/two-factor.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { forwardCookies } from '#web/sign-in-cookies.ts';
import { callerOf, currentSession, ownAction } from '../own-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'account');
		const { account } = event.locals.app;
		const [profile, sessions, signIns] = await Promise.all([
			account.readProfile(actor),
			currentSession(event).then((current) => account.listSessions(actor, current)),
			account.listSignIns(actor)
		]);
		return { profile, sessions, signIns };
	});

const by = (event: RequestEvent) => ({ caller: callerOf(event), origin: event.locals.origin });
const sessionBy = async (event: RequestEvent) => ({
	sessionId: await currentSession(event),
	origin: event.locals.origin
});

export const actions: Actions = {
	email: ownAction('credentials.changed', emailInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.requestEmailChange(actor, input, event.locals.origin);
		return { emailAsked: true };
	}),
	password: ownAction('credentials.changed', passwordInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.changePassword(actor, input, await sessionBy(event));
		return { passwordChanged: true };
	}),
	endSession: ownAction(
		'session.ended',
		z.object({ session: z.string() }),
		async (event: RequestEvent, actor, { session }) => {
			await event.locals.app.account.endSession(actor, session, await sessionBy(event));
		}
	),
	twoFactorOn: ownAction(
		'two_factor.enabled',
		ownPasswordInput,
		async (event: RequestEvent, actor, { password }) => ({
			setup: await event.locals.app.account.startTwoFactor(actor, password, by(event))
		})
	),
	twoFactorCode: ownAction('two_factor.enabled', codeInput, async (event: RequestEvent, actor, { code }) => {
		const { cookies, backupCodes } = await event.locals.app.account.finishTwoFactor(actor, code, by(event));
		forwardCookies(event, cookies);
		return { backupCodes };
	}),
	twoFactorOff: ownAction(
		'two_factor.disabled',
		ownPasswordInput,
		async (event: RequestEvent, actor, { password }) => {
			forwardCookies(event, await event.locals.app.account.stopTwoFactor(actor, password, by(event)));
		}
	),
	backupCodes: ownAction(
		'credentials.changed',
		ownPasswordInput,
		async (event: RequestEvent, actor, { password }) => ({
			backupCodes: await event.locals.app.account.newBackupCodes(actor, password, by(event))
		})
	)
};
