// A form action asked from script where no form stands: an undo in a message, a card that was moved. The answer is applied
// as a form's would be, so that a refusal is told on the page.
import { applyAction, deserialize } from '$app/forms';
import { invalidateAll } from '$app/navigation';
import type { ActionResult } from '@sveltejs/kit';

const broken: ActionResult = {
	type: 'failure',
	status: 503,
	data: { issues: { '': 'The connection broke off, so nothing was changed. Try again.' }, values: {} }
};

async function send(address: string, fields: Record<string, string>): Promise<ActionResult> {
	try {
		// Kit's own wrapper of fetch is passed by on purpose: the window's carries the page's ticket.
		const response = await window.fetch(address, {
			method: 'POST',
			body: new URLSearchParams(fields),
			headers: { accept: 'application/json', 'x-sveltekit-action': 'true' }
		});
		return deserialize(await response.text());
	} catch {
		// No answer, or none of an action: nothing is known to have changed.
		return broken;
	}
}

/** @returns true when it was done; the page is read again then. A redirect of the action is not followed. */
export async function postAction(address: string, fields: Record<string, string> = {}): Promise<boolean> {
	const result = await send(address, fields);
	if (result.type === 'success' || result.type === 'redirect') {
		await invalidateAll();
		return true;
	}
	await applyAction(result);
	return false;
}
