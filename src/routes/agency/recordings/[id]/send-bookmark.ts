import { deserialize } from '$app/forms';
import type { Notes } from '#server/usecases/review/read-comments.ts';

/**
 * Bookmarks a moment (milliseconds from the start), or takes the bookmark off that is there already, without loading the page anew.
 * Answers all notes as they are now.
 * @throws {Error} when it was not kept
 */
export async function sendBookmark(at: number, isThere: boolean): Promise<Notes> {
	const body = new FormData();
	body.set('at', String(at));
	if (isThere) body.set('remove', '1');
	const headers = { 'x-sveltekit-action': 'true' };
	const response = await fetch('?/bookmark', { method: 'POST', body, headers });
	const result = deserialize(await response.text());
	if (result.type !== 'success') throw new Error(`The bookmark was not kept: ${result.type}`);
	return result.data?.['notes'] as Notes;
}
