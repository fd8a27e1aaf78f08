// Cookie → who asks. One path for each host; what is not resolved here is nobody.
import type { Handle, RequestEvent } from '@sveltejs/kit';
import { IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';
import type { Inside } from '#server/usecases/impersonation/read-impersonation.ts';
import type { ContactId } from '#domain/ids.ts';
import { TICKET_HEADER } from '../carry-ticket.ts';

async function identifyStaff({ locals, request }: RequestEvent): Promise<void> {
	const session = await locals.app.signIn.staffSession(request.headers.get('cookie'));
	if (session) locals.staff = await locals.app.signIn.readStaffContext(session);
}

async function identifyContact({ locals, request }: RequestEvent): Promise<void> {
	const session = await locals.app.signIn.contactSession(request.headers.get('cookie'));
	if (!session) return;
	const context = await locals.app.signIn.readContactContext(session.userId as ContactId);
	if (!context) return;
	const { contact, client, agency } = context;
	const actor = { kind: 'client', agencyId: agency.id, clientId: client.id, contactId: contact.id } as const;
	locals.portal = { ...context, actor };
}

/** Field of a form that was sent before the page's script could add the header; only small forms are looked into. */
const MAX_PEEK_BYTES = 100_000;

async function givenTicket({ request }: RequestEvent): Promise<string | null> {
	const header = request.headers.get(TICKET_HEADER);
	if (header) return header;
	const type = request.headers.get('content-type') ?? '';
	const bytes = Number(request.headers.get('content-length') ?? Infinity);
	if (request.method !== 'POST' || bytes > MAX_PEEK_BYTES || !/form/.test(type)) return null;
	try {
		const field = (await request.clone().formData()).get('page-ticket');
		return typeof field === 'string' ? field : null;
	} catch {
		// A broken form names no page; whoever reads it for its fields says what is wrong with it.
		return null;
	}
}

async function identifyImpersonation(event: RequestEvent, token: string): Promise<void> {
	const { locals } = event;
	locals.impersonating = true;
	locals.inside = await locals.app.impersonation.read(token);
	const { inside } = locals;
	if (!inside || inside.over) return;
	const context = await locals.app.signIn.readContactContext(inside.contact.id);
	if (!context) return;
	const ticket = await givenTicket(event);
	const named = ticket ? locals.app.tickets.verify(ticket) : null;
	// A ticket of another impersonation is a stale tab's: it names no page here, and it is told to reload.
	locals.staleTab = ticket !== null && named?.impersonationId !== inside.actor.impersonationId;
	const isOurs = named !== null && !locals.staleTab;
	if (isOurs && ticket) locals.page = { pageId: named.pageId, ticket, masking: null };
	// Read with the impersonation: what wants a second person is closed on every page, in every count and list.
	const view = { ...context.view, locked: inside.zones.locked };
	locals.portal = { ...context, view, actor: { ...inside.actor, pageId: isOurs ? named.pageId : null } };
}

/** True when the impersonation cookie came, live or dead. */
export const isOver = (inside: Inside | null): boolean => inside === null || inside.over !== null;

export const identify: Handle = async ({ event, resolve }) => {
	if (event.locals.side === 'agency') await identifyStaff(event);
	if (event.locals.side === 'portal') {
		const token = event.cookies.get(IMPERSONATION_COOKIE);
		// Beside an impersonation cookie the contact's own session is never read, not even when the former is dead:
		// a staff member must not fall through into an account they happen to be signed in to (field.md §4.3).
		if (token !== undefined) await identifyImpersonation(event, token);
		// A tab that outlived the cookie still names its page: it is told that it is over, for the same reason.
		else if (await givenTicket(event)) event.locals.impersonating = true;
		else await identifyContact(event);
	}
	return resolve(event);
};
