import { attachmentHeader } from '#server/usecases/files/file-name.ts';
import { answerWith, requireStaff } from '#web/guard.ts';
import { streamBody } from '../../../../portal/stream-body.ts';
import type { RequestHandler } from './$types';

/** A disclosure, so it is an action, by staff as by clients. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'clients.read');
	try {
		const { id } = event.params;
		const pdf = await event.locals.app.billing.download(actor, { id }, event.locals.origin);
		return new Response(streamBody(pdf.stream), {
			headers: {
				'content-type': 'application/pdf',
				'content-disposition': attachmentHeader(pdf.name),
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store'
			}
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
