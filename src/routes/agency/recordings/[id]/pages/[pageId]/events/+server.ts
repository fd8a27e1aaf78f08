import { answerWith, requireStaff } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** As fast as the reader takes it; a reader who leaves ends the reading. */
const streamOf = (frames: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> =>
	new ReadableStream({
		async pull(controller) {
			const next = await frames.next();
			if (next.done) controller.close();
			else controller.enqueue(next.value);
		},
		async cancel() {
			await frames.return(undefined);
		}
	});

/** The recorded events of one page, framed and compressed, for the player's frame. */
export const GET: RequestHandler = async (event) => {
	const { actor } = requireStaff(event, 'review');
	const { id, pageId } = event.params;
	try {
		const frames = await event.locals.app.recordings.readPageBatches(actor, { impersonationId: id, pageId });
		const headers = new Headers({
			'content-type': 'application/octet-stream',
			// Never shown as a document, should somebody open the address: what is inside was recorded.
			'content-disposition': 'attachment',
			vary: 'accept-encoding'
		});
		const body = streamOf(frames);
		if (!/\bgzip\b/.test(event.request.headers.get('accept-encoding') ?? ''))
			return new Response(body, { headers });
		headers.set('content-encoding', 'gzip');
		return new Response(body.pipeThrough(new CompressionStream('gzip')), { headers });
	} catch (caught) {
		return answerWith(caught);
	}
};
