import { redirect } from '@sveltejs/kit';
import { AppError } from '#domain/errors.ts';
import { failWith } from '#web/guard.ts';
import { forwardCookies } from '#web/sign-in-cookies.ts';
import type { Actions, PageServerLoad } from './$types';

/** Shown in answer to the button alone; looked for by hand it leads home. */
export const load: PageServerLoad = ({ request }) => {
	if (request.method !== 'POST') redirect(303, '/');
};

export const actions: Actions = {
	/** Signs the contact out. While impersonating there is no contact's session to end, whatever else this browser holds. */
	default: async (event) => {
		const { app, impersonating, inside, origin } = event.locals;
		if (impersonating) {
			const contact = inside?.contact.name ?? 'The contact';
			const sentence = `Nobody was signed out: you are in the portal as ${contact}. Press Switch Back in the bar above to return to your agency. ${contact} stays signed in.`;
			return failWith(event, new AppError('forbidden', sentence));
		}
		const came = { address: origin.ip ?? 'unknown', userAgent: origin.userAgent };
		forwardCookies(event, await app.signIn.signOutContact(event.request.headers.get('cookie') ?? '', came));
		redirect(303, '/login');
	}
};
