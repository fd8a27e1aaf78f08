import { text, type RequestHandler } from '@sveltejs/kit';
import { loading } from '#web/guard.ts';

/** The verifier of evidence packs. Attack: the copy in a pack was written by whoever wrote the pack, and may find all well. */
export const GET: RequestHandler = async ({ locals }) => {
	const verifier = await loading(() => locals.app.evidence.readVerifier());
	return text(verifier, {
		headers: {
			'content-type': 'text/javascript; charset=utf-8',
			'content-disposition': 'attachment; filename="verify.mjs"',
			'cache-control': 'no-cache',
			'x-content-type-options': 'nosniff'
		}
	});
};
