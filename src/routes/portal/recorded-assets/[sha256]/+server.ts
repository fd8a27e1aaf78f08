import { MAX_ASSET_BYTES } from '#recorder/format/assets.ts';
import { answerWith } from '#web/guard.ts';
import { limitedBytes, recordingPage } from '../recording-page.ts';
import type { RequestHandler } from './$types';

/** The bytes of a picture or font that a recorded page shows under this name. */
export const PUT: RequestHandler = async (event) => {
	const actor = recordingPage(event);
	try {
		const bytes = await limitedBytes(event.request, MAX_ASSET_BYTES);
		await event.locals.app.recordings.keepAsset(actor, {
			name: event.url.searchParams.get('name') ?? '',
			sha256: event.params.sha256,
			bytes
		});
		return new Response(null, { status: 204 });
	} catch (caught) {
		return answerWith(caught);
	}
};
