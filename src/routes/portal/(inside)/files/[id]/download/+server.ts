import { attachmentHeader } from '#server/usecases/files/file-name.ts';
import { answerWith, requirePortal, showed } from '#web/guard.ts';
import { streamBody } from '../../../../stream-body.ts';
import type { RequestHandler } from './$types';

/** A disclosure, so it is an action. Always an attachment: an uploaded page must never run on this origin. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requirePortal(event, 'files');
	try {
		const file = await event.locals.app.files.download(actor, { id: event.params.id }, event.locals.origin);
		showed(event, 'file', file.id, file.name);
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
