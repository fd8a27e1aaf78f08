import { answerWith, requirePortal, showed } from '#web/guard.ts';
import { streamBody } from '../../../../stream-body.ts';
import type { RequestHandler } from './$types';

/**
 * What a file's page shows, kept as a view: raster images, and the bytes of a PDF for our own drawing of it. Sandboxed and
 * never typed as a document, should anybody open the address by itself.
 */
export const GET: RequestHandler = async (event) => {
	const { actor } = requirePortal(event, 'files');
	try {
		const file = await event.locals.app.files.preview(actor, event.params.id);
		showed(event, 'file', file.id, file.name);
		const isImage = file.mediaType.startsWith('image/');
		return new Response(streamBody(file.stream), {
			headers: {
				'content-type': isImage ? file.mediaType : 'application/octet-stream',
				'content-length': String(file.bytes),
				'content-disposition': isImage ? 'inline' : 'attachment',
				'content-security-policy': "sandbox; default-src 'none'",
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
