// The agency's logo as an answer, alike on both hosts.
import { Readable } from 'node:stream';
import { error } from '@sveltejs/kit';
import type { AgencyId } from '#domain/ids.ts';
import { loading } from './guard.ts';

/** A day: its address changes with each new logo. */
const KEPT = 'private, max-age=86400, immutable';

/** @param agencyId of whoever is signed in; a stranger is told that there is no such page */
export async function answerLogo({ app }: App.Locals, agencyId: AgencyId | undefined): Promise<Response> {
	if (!agencyId) error(404, { message: 'There is no such page.' });
	const { stream, mediaType } = await loading(() => app.settings.readLogo(agencyId));
	return new Response(Readable.toWeb(stream) as ReadableStream, {
		headers: {
			'content-type': mediaType,
			'cache-control': KEPT,
			// Attack: a picture that is also a page. Opened by itself it must be able to do nothing.
			'content-security-policy': "default-src 'none'; sandbox"
		}
	});
}
