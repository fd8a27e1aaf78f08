import { LEFT_OUT_PICTURE } from '#recorder/format/left-out-picture.ts';
import { answerWith } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** Each seek builds the page anew; longer, an erased picture would be seen again. */
const KEPT = 'private, max-age=600';

/**
 * A picture that is also a page must be able to do nothing, should its address be opened by itself: it runs nothing, loads nothing,
 * and is saved instead of shown.
 */
const INERT = {
	'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
	'content-disposition': 'attachment',
	'x-content-type-options': 'nosniff'
};

/** Only as part of the player's page; a browser that does not say how it asks is old, not hostile. */
const asPart = (request: Request): string | null => {
	const as = request.headers.get('sec-fetch-dest');
	return as === null || as === 'image' || as === 'font' ? (as ?? 'image') : null;
};

/** A picture or font of a recorded page, for the player's frame on this host; a crossed box where it was not taken. */
export const GET: RequestHandler = async ({ params, url, request, locals }) => {
	const as = asPart(request);
	if (!as) return new Response('There is no such page.', { status: 404 });
	try {
		const name = url.searchParams.get('name') ?? '';
		const asset = await locals.app.recordings.readAsset({ ...params, name, mayWait: true });
		if (!asset && as === 'font') return new Response(null, { status: 404 });
		const [type, body] = asset ? [asset.type, asset.file] : ['image/svg+xml', LEFT_OUT_PICTURE];
		return new Response(body as BodyInit, {
			headers: { ...INERT, 'content-type': type, 'cache-control': asset ? KEPT : 'no-store' }
		});
	} catch (caught) {
		return answerWith(caught);
	}
};
