import { attachmentHeader } from '#server/usecases/files/file-name.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import { streamBody } from '../../../../portal/stream-body.ts';
import type { RequestHandler } from './$types';

/** A disclosure, so it is an action. Always an attachment: what a client uploaded must never run on this origin. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	const { app, origin } = event.locals;
	try {
		const file = await app.files.download(actor, { id: event.params.id }, origin);
		return new Response(streamBody(file.stream), {
			headers: {
				'content-type': file.mediaType,
				'content-length': String(file.bytes),
				'content-disposition': attachmentHeader(file.name),
				'content-security-policy': "sandbox; default-src 'none'",
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
