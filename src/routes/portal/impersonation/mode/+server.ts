import { redirect, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { isAppError } from '#domain/errors.ts';
import { localPath } from '#domain/local-path.ts';
import { MODES } from '#domain/modes-and-reasons.ts';
import { answerWith, readForm } from '#web/guard.ts';

const input = z.object({
	mode: z.enum(MODES),
	/** Which one the page that asks belongs to; the banner's form says so even without script. */
	impersonation: z.string().optional(),
	from: z
		.string()
		.catch('/')
		.transform((from) => localPath(from, '/'))
});

const isAnother = (named: string | undefined, current: string): boolean =>
	named !== undefined && named !== current;

/** Switch to Act, Switch to View; returns to the page it was pressed on. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const form = await readForm(request).catch(() => null);
	const parsed = input.safeParse(Object.fromEntries(form ?? []));
	if (!parsed.success)
		return Response.json({ code: 'invalid', message: 'mode must be view or act' }, { status: 400 });
	const actor = locals.portal?.actor;
	const wantsDocument = (request.headers.get('accept') ?? '').includes('text/html');
	try {
		if (actor?.kind === 'impersonation')
			await locals.app.impersonation.switchMode(actor, parsed.data.mode, {
				origin: locals.origin,
				isStale: locals.staleTab || isAnother(parsed.data.impersonation, actor.impersonationId)
			});
	} catch (caught) {
		// A person is led back to the page, where the banner says that it is frozen; a program gets the refusal.
		if (!wantsDocument || !isAppError(caught)) return answerWith(caught);
	}
	redirect(303, parsed.data.from);
};
