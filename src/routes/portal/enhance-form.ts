// How the portal's forms are sent with script: as Kit does it, and with progress where a file goes along.
import { applyAction, deserialize, enhance } from '$app/forms';
import { invalidateAll } from '$app/navigation';
import type { ActionResult } from '@sveltejs/kit';
import type { FormEvents } from '#ui/portal/portal-context.ts';
import { TICKET_HEADER } from '#web/carry-ticket.ts';

type Target = { action: URL; ticket: string | null };

/** A fetch tells nothing while it sends, so a file goes by the older way, which does. */
function sendFile(to: Target, body: FormData, onsent: (part: number) => void): Promise<ActionResult> {
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		const failed = () =>
			resolve({
				type: 'failure',
				status: 503,
				data: {
					issues: { '': 'The connection broke off, so nothing was changed. Try again.' },
					values: Object.fromEntries([...body].filter(([, value]) => typeof value === 'string'))
				}
			});
		request.open('POST', to.action);
		request.setRequestHeader('accept', 'application/json');
		request.setRequestHeader('x-sveltekit-action', 'true');
		if (to.ticket) request.setRequestHeader(TICKET_HEADER, to.ticket);
		request.upload.addEventListener('progress', ({ loaded, total }) =>
			onsent(total > 0 ? loaded / total : 0)
		);
		request.addEventListener('error', failed);
		request.addEventListener('load', () => {
			try {
				resolve(deserialize(request.responseText));
			} catch {
				// Not an answer of an action: an over impersonation or a proxy's page. The server says which on a fresh load.
				location.replace(location.pathname + location.search);
			}
		});
		request.send(body);
	});
}

async function sendWithFile(
	form: HTMLFormElement,
	to: Target,
	body: FormData,
	events: FormEvents
): Promise<void> {
	const result = await sendFile(to, body, (part) => events.sent(part));
	if (result.type === 'success') {
		form.reset();
		await invalidateAll();
	}
	await applyAction(result);
	events.ended(result.type === 'success' || result.type === 'redirect');
}

/** The form action of a document with this ticket: `use:portal.enhance={events}`. */
export const enhanceForm =
	(ticket: string | null) =>
	(form: HTMLFormElement, events: FormEvents): { destroy(): void } =>
		enhance(form, ({ action, formData, cancel }) => {
			events.started();
			if (form.enctype === 'multipart/form-data') {
				cancel();
				void sendWithFile(form, { action, ticket }, formData, events);
				return;
			}
			return async ({ result, update }) => {
				await update({ reset: result.type === 'success' });
				events.ended(result.type === 'success' || result.type === 'redirect');
			};
		});
