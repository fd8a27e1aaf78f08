import { redirect } from '@sveltejs/kit';
import { AppError, isAppError } from '#domain/errors.ts';
import { evidenceInput } from '#server/usecases/evidence/make-pack.ts';
import { answerWith, readForm, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** A post, since it is logged: a link could be followed by a page that only wants to be ready. */
export const POST: RequestHandler = async (event) => {
	const { actor } = requireStaff(event);
	const { app, origin } = event.locals;
	const impersonationId = event.params.id;
	try {
		const input = evidenceInput.safeParse(Object.fromEntries(await readForm(event.request)));
		if (!input.success) throw new AppError('invalid', 'Say what the pack is for. No pack was made.');
		const pack = await app.evidence.export(actor, { impersonationId, ...input.data }, origin);
		return new Response(pack.body, {
			headers: {
				'content-type': 'application/zip',
				'content-length': String(pack.bytes),
				'content-disposition': `attachment; filename="${pack.fileName}"`,
				'x-content-type-options': 'nosniff',
				digest: `sha-256=${Buffer.from(pack.sha256, 'hex').toString('base64')}`
			}
		});
	} catch (caught) {
		if (!isAppError(caught) || caught.code === 'not_allowed') return answerWith(caught);
		// A form of a page: its answer is a page, and the browser shows what happened where the form is.
		redirect(303, `/recordings/${encodeURIComponent(impersonationId)}/evidence?refused=${caught.code}`);
	}
};
