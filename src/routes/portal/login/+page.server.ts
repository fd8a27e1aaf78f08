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
	unavailable: 'Signing in does not work at the moment. Try again in a minute.'
} as const;

const CODES = { wrong: 'invalid', too_many: 'too_many', unavailable: 'try_later' } as const;

export const load: PageServerLoad = async ({ locals }) => {
	if (locals.portal) redirect(303, '/');
	return { brand: await locals.app.portal.readBrand() };
};

export const actions: Actions = {
	signIn: formAction(input, async (event, { email, password }) => {
		const { app, impersonating } = event.locals;
		// Beside an impersonation no contact is ever signed in: leaving it would fall through into that account.
		if (impersonating) redirect(303, '/');
		const answer = await app.signIn.signInContact(email, password, event.getClientAddress());
		if (!answer.ok) throw new AppError(CODES[answer.reason], SENTENCES[answer.reason]);
		forwardCookies(event, answer.cookies);
		redirect(303, '/');
	})
};
