// The pages in front of the sign-in, on both hosts alike: a forgotten password, an invitation, a new address. On the
// portal's host none of them stands open to whoever impersonates: they would change the account's own sign-in.
import { error, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { acceptInput } from '#server/usecases/account/accept-invitation.ts';
import { forgotInput, resetInput } from '#server/usecases/account/reset-password.ts';
import { isAppError } from '#domain/errors.ts';
import { HTTP } from '#web/errors.ts';
import { formAction, loading, type FormFault } from '#web/guard.ts';

type Side = 'agency' | 'portal';
type TokenEvent = RequestEvent<{ token: string }>;

/** A token of ours is 43 characters; nothing longer is worth hashing. */
const MAX_TOKEN = 200;

const nothing = z.object({});

function leaveInside({ locals }: RequestEvent): void {
	if (locals.impersonating) redirect(303, '/');
}

/** As `formAction`, but refused and logged to whoever impersonates. */
function outsideAction<S extends z.ZodType, T, E extends RequestEvent>(
	schema: S,
	work: (event: E, input: z.infer<S>) => Promise<T>
): (event: E) => Promise<T | ActionFailure<FormFault>> {
	const run = formAction(schema, work);
	return async (event) => {
		const actor = event.locals.portal?.actor;
		if (actor?.kind !== 'impersonation') {
			leaveInside(event);
			return run(event);
		}
		try {
			await event.locals.app.impersonation.touchCredentials(actor, event.locals.origin);
		} catch (caught) {
			if (!isAppError(caught)) throw caught;
			// Not as the form's answer: its page would be rendered then, and that leads away from here.
			event.locals.refusal = caught.code;
			error(HTTP[caught.code].status, { message: caught.message, code: caught.code });
		}
		throw new Error('The gate let a forbidden action through.');
	};
}

export const forgotPages = (side: Side) => ({
	load: leaveInside,
	/** One answer for known and unknown addresses. */
	ask: outsideAction(forgotInput, async (event: RequestEvent, { email }) => {
		const { app, origin } = event.locals;
		await app.account.forgotPassword(side, { email, from: origin.ip ?? 'unknown' });
		return { asked: email };
	}),
	loadReset: (event: TokenEvent) =>
		loading(async () => {
			leaveInside(event);
			const { token } = event.params;
			const isOpen = token.length <= MAX_TOKEN && (await event.locals.app.account.isResetOpen(side, token));
			return { isOpen };
		}),
	reset: outsideAction(resetInput, async (event: TokenEvent, { password }) => {
		const { app, origin } = event.locals;
		await app.account.resetPassword(
			side,
			{ token: event.params.token.slice(0, MAX_TOKEN), password },
			origin
		);
		redirect(303, '/login?done=password');
	})
});

export const invitationPages = (side: Side) => ({
	load: (event: TokenEvent) =>
		loading(async () => {
			leaveInside(event);
			const { token } = event.params;
			if (token.length > MAX_TOKEN) return { invitation: null };
			return { invitation: await event.locals.app.account.readInvitation(side, token) };
		}),
	accept: outsideAction(acceptInput, async (event: TokenEvent, { password }) => {
		const { app, origin } = event.locals;
		const token = event.params.token.slice(0, MAX_TOKEN);
		await app.account.acceptInvitation(side, { token, password }, origin);
		redirect(303, '/login?done=invitation');
	})
});

export const emailPages = (side: Side) => ({
	load: (event: TokenEvent) =>
		loading(async () => {
			leaveInside(event);
			const { token } = event.params;
			if (token.length > MAX_TOKEN) return { change: null };
			return { change: await event.locals.app.account.readEmailChange(side, token) };
		}),
	// By a press, not by the visit: mail programs open links to look at them.
	confirm: outsideAction(nothing, async (event: TokenEvent) => {
		const { app, origin } = event.locals;
		const token = event.params.token.slice(0, MAX_TOKEN);
		return { confirmed: await app.account.confirmEmailChange(side, token, origin) };
	})
});
