import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { formAction } from '#web/guard.ts';
import { forwardCookies } from '#web/sign-in-cookies.ts';
import type { Actions, PageServerLoad } from './$types';

const input = z.object({
	email: z.string().trim().min(1, 'Enter your email.').max(254, 'This email is too long.'),
	password: z.string().min(1, 'Enter your password.').max(1_000, 'This password is too long.')
});

const SENTENCES = {
	wrong: 'Email or password is wrong. Check both and try again.',
	too_many: 'Too many attempts. Wait a minute and try again.',
	unavailable: 'Signing in does not work at the moment. Try again in a minute.',
	closed: 'This account is not active, so you were not signed in. Ask your agency.'
} as const;

const WRONG_CODE = 'This code is not right, or it is too old. Type the one your app shows now.';

const CODES = {
	wrong: 'invalid',
	too_many: 'too_many',
	unavailable: 'try_later',
	closed: 'invalid'
} as const;

const codeInput = z.object({
	code: z.string().trim().min(1, 'Type the code.').max(40, 'That is longer than any code.')
});

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.portal) redirect(303, '/');
	return {
		brand: await locals.app.portal.readBrand(),
		step: url.searchParams.get('step') === 'code' ? 'code' : 'password',
		// What led here: a password that was just chosen.
		done: url.searchParams.has('done') ? 'Your password is set. Sign in with it.' : null
	};
};

export const actions: Actions = {
	signIn: formAction(input, async (event, { email, password }) => {
		const { app, impersonating } = event.locals;
		// Beside an impersonation no contact is ever signed in: leaving it would fall through into that account.
		if (impersonating) redirect(303, '/');
		const { userAgent } = event.locals.origin;
		const answer = await app.signIn.signInContact(email, password, event.getClientAddress(), userAgent);
		if (!answer.ok && answer.reason === 'second_factor') {
			forwardCookies(event, answer.cookies);
			redirect(303, '/login?step=code');
		}
		if (!answer.ok) {
			const why = answer.reason === 'closed' ? await app.signIn.explainClosed(email) : null;
			throw new AppError(CODES[answer.reason], why ?? SENTENCES[answer.reason]);
		}
		forwardCookies(event, answer.cookies);
		redirect(303, '/');
	}),
	verify: formAction(codeInput, async (event, { code }) => {
		const { app, impersonating, origin } = event.locals;
		if (impersonating) redirect(303, '/');
		const cookie = event.request.headers.get('cookie') ?? '';
		const came = { address: event.getClientAddress(), userAgent: origin.userAgent };
		const answer = await app.signIn.signInContactWithCode(code, cookie, came);
		if (!answer.ok) {
			const reason = answer.reason === 'second_factor' ? 'wrong' : answer.reason;
			throw new AppError(CODES[reason], reason === 'wrong' ? WRONG_CODE : SENTENCES[reason]);
		}
		forwardCookies(event, answer.cookies);
		redirect(303, '/');
	})
};
