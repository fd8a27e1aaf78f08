import type { RequestHandler } from '@sveltejs/kit';
import { offeredAssets } from '#server/usecases/recordings/offer-assets.ts';
import { answerWith } from '#web/guard.ts';
import { limitedBytes, recordingPage } from './recording-page.ts';

/** A hundred names at their longest. */
const MAX_OFFER_BYTES = 128 * 1024;

function parsed(bytes: Uint8Array) {
	try {
		return offeredAssets.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
	} catch {
		// No JSON: as little an offer as one of another shape.
		return offeredAssets.safeParse(null);
	}
}

/** Which of these pictures and fonts the client's store lacks. */
export const POST: RequestHandler = async (event) => {
	const actor = recordingPage(event);
	try {
		const offer = parsed(await limitedBytes(event.request, MAX_OFFER_BYTES));
		if (!offer.success)
			return Response.json({ code: 'invalid', message: 'This is no offer.' }, { status: 400 });
		return Response.json({ wanted: await event.locals.app.recordings.offerAssets(actor, offer.data) });
	} catch (caught) {
		return answerWith(caught);
	}
};
