// What both addresses begin with: the recorded page that asks, and a body no larger than it may be.
import { error, type RequestEvent } from '@sveltejs/kit';
import type { ImpersonationActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';

/** For a recorded page of the staff member inside; a contact who asks finds no such address. */
export function recordingPage({ locals }: Pick<RequestEvent, 'locals'>): ImpersonationActor {
	const actor = locals.portal?.actor;
	if (actor?.kind !== 'impersonation') error(404, { message: 'There is no such page.', code: 'not_found' });
	return actor;
}

/** @throws AppError `too_large` as soon as more has come: the server lets far more through, for uploads */
export async function limitedBytes({ body }: Request, maxBytes: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let left = maxBytes;
	if (body)
		for await (const part of body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
			left -= part.byteLength;
			if (left < 0) throw new AppError('too_large', 'This is more than is kept of a recording.');
			parts.push(part);
		}
	return Buffer.concat(parts);
}
