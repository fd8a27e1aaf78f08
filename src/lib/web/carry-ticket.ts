// Browser side of the page ticket: every request this document makes to its own host carries it, so that the server
// can tell which page asked, and a tab of an older impersonation is never served as the newer one.

export const TICKET_HEADER = 'x-switchback-page';

let carried: string | null = null;

/** Called once a document was rendered while impersonating. Kit fetches through `window.fetch` on purpose. */
export function carryTicket(ticket: string): void {
	const isFirst = carried === null;
	carried = ticket;
	if (!isFirst) return;
	const send = window.fetch.bind(window);
	window.fetch = (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input, location.href);
		// The ticket must not leave for another host, where whoever reads it could name this page.
		if (url.origin !== location.origin || carried === null) return send(input, init);
		const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
		headers.set(TICKET_HEADER, carried);
		return send(input, { ...init, headers });
	};
}
