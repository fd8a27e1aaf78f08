// A form of the account's own sign-in, people or notices: refused at once, and logged, to whoever impersonates, before a
// field of it is looked at. The sign-in library never hears of it.
import type { ActionFailure } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import type { ActionName } from '#domain/actions.ts';
import type { ClientActor } from '#domain/actor.ts';
import { failWith, formAction, requirePortal, type FormFault } from '#web/guard.ts';

export function ownAction<S extends z.ZodType, T, E extends RequestEvent>(
	action: ActionName,
	schema: S,
	work: (event: E, actor: ClientActor, input: z.infer<S>) => Promise<T>
): (event: E) => Promise<T | ActionFailure<FormFault>> {
	return async (event) => {
		const { actor } = requirePortal(event, 'account');
		if (actor.kind === 'impersonation') {
			try {
				await event.locals.app.account.refuseInside(actor, action, event.locals.origin);
			} catch (caught) {
				return failWith(event, caught);
			}
			throw new Error('The gate let a forbidden action through.');
		}
		return formAction(schema, (same: E, input) => work(same, actor, input))(event);
	};
}

/** The session that asks; null while impersonating, where the contact's cookie is never read. */
export async function currentSession({ locals, request }: RequestEvent): Promise<string | null> {
	if (locals.impersonating) return null;
	return (await locals.app.signIn.contactSession(request.headers.get('cookie')))?.sessionId ?? null;
}

/** How the sign-in library is asked in this person's name. */
export const callerOf = ({ locals, request }: RequestEvent) => ({
	origin: locals.app.config.portalOrigin,
	address: locals.origin.ip ?? 'unknown',
	userAgent: locals.origin.userAgent,
	cookie: request.headers.get('cookie') ?? ''
});
