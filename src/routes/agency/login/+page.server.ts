import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { localPath } from '#domain/local-path.ts';
import { formAction, type FormFault } from '#web/guard.ts';
import { forwardCookies } from '#web/sign-in-cookies.ts';
import type { Actions, PageServerLoad } from './$types';

/** Where sign-in leads when nothing else was asked for. */
const HOME = '/clients';

const signInForm = z.object({
	email: z.string().trim().min(1, 'Type your email.').max(200, 'That is longer than any email.'),
	password: z.string().min(1, 'Type your password.').max(1_000, 'That is longer than any password.'),
	next: z.string().max(2_000).default('')
});

/** One sentence for an unknown email and for a wrong password: nobody is to learn who has an account. */
const SENTENCES = {
	code: 'This code is not right, or it is too old. Type the one your app shows now.',
	wrong: 'Email or password is wrong. Check both and try again.',
	too_many: 'Too many attempts from here. Wait a minute, then try again.',
	unavailable: 'Signing in does not work right now. Try again in a moment.',
	closed: 'Your account was deactivated, so you were not signed in. Ask an admin of your agency.'
};
const STATUS = { wrong: 400, too_many: 429, unavailable: 503, closed: 403 };

const codeForm = z.object({
	code: z.string().trim().min(1, 'Type the code.').max(40, 'That is longer than any code.'),
	next: z.string().max(2_000).default('')
});

/** What led here: a password that was just chosen. */
const doneOf = (url: URL) => (url.searchParams.has('done') ? 'Your password is set. Sign in with it.' : null);

export const load: PageServerLoad = ({ locals, url }) => {
	const next = localPath(url.searchParams.get('next'), HOME);
	if (locals.staff) redirect(303, next);
	return { next, step: url.searchParams.get('step') === 'code' ? 'code' : 'password', done: doneOf(url) };
};

export const actions: Actions = {
	signIn: formAction(signInForm, async (event, { email, password, next }) => {
		const { app, origin } = event.locals;
		const answer = await app.signIn.signInStaff(email, password, origin.ip ?? 'unknown', origin.userAgent);
		if (!answer.ok && answer.reason === 'second_factor') {
			forwardCookies(event, answer.cookies);
			redirect(303, `/login?step=code&next=${encodeURIComponent(localPath(next, HOME))}`);
		}
		if (!answer.ok) {
			const fault: FormFault = { issues: { '': SENTENCES[answer.reason] }, values: { email, next } };
			return fail(STATUS[answer.reason], fault);
		}
		forwardCookies(event, answer.cookies);
		redirect(303, localPath(next, HOME));
	}),
	verify: formAction(codeForm, async (event, { code, next }) => {
		const { app, origin } = event.locals;
		const cookie = event.request.headers.get('cookie') ?? '';
		const came = { address: origin.ip ?? 'unknown', userAgent: origin.userAgent };
		const answer = await app.signIn.signInStaffWithCode(code, cookie, came);
		if (!answer.ok) {
			const reason =
				answer.reason === 'too_many' || answer.reason === 'unavailable' ? answer.reason : 'wrong';
			const sentence = reason === 'wrong' ? SENTENCES.code : SENTENCES[reason];
			const fault: FormFault = { issues: { '': sentence }, values: { next } };
			return fail(STATUS[reason], fault);
		}
		forwardCookies(event, answer.cookies);
		redirect(303, localPath(next, HOME));
	})
};
