import { answerWith, requirePortal, showed } from '#web/guard.ts';
import { streamBody } from '../../../../stream-body.ts';
import type { RequestHandler } from './$types';

/** A look at an image, kept as a view. Raster formats only, and sandboxed, should a browser ever read one as a page. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requirePortal(event, 'files');
	try {
		const file = await event.locals.app.portal.previewFile(actor, event.params.id);
		showed(event, 'file', file.id, file.name);
		return new Response(streamBody(file.stream), {
			headers: {
				'content-type': file.mediaType,
				'content-length': String(file.bytes),
				'content-disposition': 'inline',
				'content-security-policy': "sandbox; default-src 'none'",
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
