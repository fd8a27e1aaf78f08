import { attachmentHeader } from '#server/usecases/files/file-name.ts';
import { answerWith, requirePortal, showed } from '#web/guard.ts';
import { streamBody } from '../../../../stream-body.ts';
import type { RequestHandler } from './$types';

/** A disclosure, so it is an action; looking at the page is not. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requirePortal(event, 'invoices.pdf');
	try {
		const { id } = event.params;
		const pdf = await event.locals.app.billing.download(actor, { id }, event.locals.origin);
		showed(event, 'invoice', pdf.id, pdf.label);
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
