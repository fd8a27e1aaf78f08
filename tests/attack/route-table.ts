// The table itself: one row for each route of src/routes. A route without a row fails the suite; so does a row without a
// route. Words: tests/support/route-expectations.ts. What a row does not say is said by `area` and `staff` there.
import {
	area,
	everybody,
	staff,
	type AgencyActorName,
	type PortalActorName,
	type Row
} from '#support/route-expectations.ts';

const SIGNED_IN_CONTACT = ['owner', 'without right', 'other client', 'other agency'] as const;
const INSIDE = ['inside, view', 'inside, act', 'inside without right'] as const;
const all = <A extends string>(actors: readonly A[], status: number): Partial<Record<A, number>> =>
	Object.fromEntries(actors.map((actor) => [actor, status])) as Partial<Record<A, number>>;

/** A page before signing in. Whoever is inside is led back in; an impersonation that is over answers for itself. */
const outside = (signedIn: number): Row<PortalActorName> =>
	everybody(200, { ...all(SIGNED_IN_CONTACT, signedIn), ...all(INSIDE, 303), 'inside, ended': 410 });

/** A link of the right look that nobody ever sent. */
const NO_TOKEN = { fixed: { token: 'a'.repeat(43) } };

export const PORTAL: Record<string, Row<PortalActorName>> = {
	'/': area(),
	'/[...path]': area({ fixed: { path: 'no-such-page' }, ok: 404 }),
	'/access-history': area(),
	'/access-history/[id]': area({ records: ['impersonation'], ownerOnly: true }),
	'/account': area(),
	'/account/notifications': area(),
	'/account/security': area(),
	'/account/team': area({ ownerOnly: true }),
	'/approvals': area(),
	'/files': area({ right: 'files' }),
	'/files/[id]': area({ right: 'files', records: ['file'] }),
	'/files/[id]/download': area({ right: 'files', records: ['file'] }),
	'/files/uploads/[...id]': everybody(405, { 'inside, ended': 410 }, { fixed: { id: 'x' } }),
	'/files/[id]/preview': area({ right: 'files', records: ['file'] }),
	'/invoices': area({ area: 'invoices', right: 'billing' }),
	'/invoices/[id]': area({ area: 'invoices', right: 'billing', records: ['invoice'] }),
	'/invoices/[id]/pdf': area({ area: 'invoices', right: 'billing', records: ['invoice'] }),
	'/messages': area(),
	'/messages/[id]': area({ records: ['thread'] }),
	'/messages/new': area(),
	'/notifications': area(),
	'/orders': area({ right: 'orders' }),
	'/orders/[id]': area({ right: 'orders', records: ['order'] }),
	'/orders/new': area({ right: 'orders', query: '?service={service}', but: { 'other agency': 404 } }),
	'/services': area(),
	'/services/[id]': area({ records: ['service'], ofAgency: true }),
	'/tasks': area({ right: 'tasks' }),
	'/tasks/[id]': area({ right: 'tasks', records: ['task'] }),
	'/tasks/new': area({ right: 'tasks' }),
	'/subscriptions': area({ area: 'subscriptions', right: 'billing' }),
	'/subscriptions/[id]': area({ area: 'subscriptions', right: 'billing', records: ['subscription'] }),
	'/confirm-email/[token]': { ...outside(200), ...NO_TOKEN },
	'/forgot': outside(200),
	'/forgot/[token]': { ...outside(200), ...NO_TOKEN },
	'/invitation/[token]': { ...outside(200), ...NO_TOKEN },
	'/enter': everybody(405),
	'/leave': everybody(303),
	'/impersonation-ended': everybody(303, { 'inside, ended': 200 }),
	'/impersonation/lens': everybody(404, { ...all(INSIDE, 200), 'inside, ended': 410 }),
	'/impersonation/mode': everybody(405, { 'inside, ended': 410 }),
	'/login': outside(303),
	'/logo': everybody(404, { 'inside, ended': 410 }),
	// Its answer to the button is shown there; looked for by hand it leads home.
	'/sign-out': everybody(303, { 'inside, ended': 410 }),
	'/recorded-assets': everybody(405, { 'inside, ended': 410 }),
	'/recorded-assets/[sha256]': everybody(
		405,
		{ 'inside, ended': 410 },
		{ fixed: { sha256: '0'.repeat(64) } }
	),
	'/switch-back': everybody(405),
	// For contacts alone: whoever is inside is told of nobody, not even of themselves.
	'/visits': everybody(404, {
		...all(SIGNED_IN_CONTACT, 200),
		nobody: 401,
		inactive: 401,
		'of an inactive client': 401,
		'inside, ended': 410
	})
};

/** A receipt: whoever was inside (nobody of these) and those who review; to others there is none. */
function receipt(): Row<AgencyActorName> {
	const page = staff('clients.read', { records: ['client', 'impersonation'] });
	return {
		...page,
		expect: (actor, variant) =>
			actor === 'manager' || actor === 'assignee' ? 404 : page.expect(actor, variant)
	};
}

export const AGENCY: Record<string, Row<AgencyActorName>> = {
	'/': staff(null),
	'/[...path]': staff(null, { fixed: { path: 'no-such-page' }, ok: 404 }),
	'/account': staff(null),
	'/account/security': staff(null),
	'/confirm-email/[token]': everybody(200, {}, NO_TOKEN),
	'/forgot': everybody(200),
	'/forgot/[token]': everybody(200, {}, NO_TOKEN),
	'/invitation/[token]': everybody(200, {}, NO_TOKEN),
	'/invoices': staff('billing.manage'),
	'/invoices/[id]': staff('clients.read', { records: ['invoice'] }),
	// Sent ones lead back to the invoice: only a draft is edited.
	'/invoices/[id]/edit': staff('billing.manage', { records: ['invoice'], ok: 303, hidden: 200 }),
	'/invoices/[id]/pdf': staff('clients.read', { records: ['invoice'] }),
	'/invoices/new': staff('billing.manage'),
	'/messages': staff('messages.manage'),
	'/messages/[id]': staff('messages.manage', { records: ['thread'] }),
	'/messages/new': staff('messages.manage'),
	'/notifications': staff(null),
	'/files/[id]/download': staff('clients.read', { records: ['file'] }),
	'/tasks': staff('tasks.manage'),
	'/tasks/[id]': staff('tasks.manage', { records: ['task'] }),
	'/tasks/new': staff('tasks.manage'),
	'/orders': staff('orders.manage'),
	'/orders/[id]': staff('orders.manage', { records: ['order'] }),
	'/orders/new': staff('orders.manage', { query: '?client={client}', but: { 'other agency': 404 } }),
	'/services': staff('services.manage'),
	'/services/[id]': staff('services.manage', { records: ['service'] }),
	'/services/new': staff('services.manage'),
	'/subscriptions': staff('billing.manage'),
	'/subscriptions/[id]': staff('clients.read', { records: ['subscription'] }),
	'/subscriptions/new': staff('billing.manage'),
	'/actions': staff('actions.read'),
	'/actions/export': everybody(405),
	'/clients': staff('clients.read'),
	'/clients/[id]': staff('clients.read', { records: ['client'] }),
	'/clients/[id]/contacts/[contactId]': staff('clients.manage', { records: ['client', 'contact'] }),
	'/clients/[id]/contacts/new': staff('clients.manage', { records: ['client'] }),
	'/clients/[id]/drafts': staff('clients.read', { records: ['client'], ok: 303, everywhere: true }),
	'/clients/[id]/erase': staff('erase', { records: ['client'] }),
	'/clients/[id]/edit': staff('clients.manage', { records: ['client'] }),
	'/clients/[id]/files': staff('clients.read', { records: ['client'] }),
	'/clients/[id]/files/uploads/[...upload]': everybody(405, {}, { fixed: { id: 'x', upload: 'y' } }),
	'/clients/[id]/impersonations/[impersonationId]': receipt(),
	'/clients/[id]/portal': staff('clients.read', { records: ['client'] }),
	'/clients/export': everybody(405),
	'/clients/new': staff('clients.manage'),
	'/evidence/key': everybody(200),
	'/evidence/verifier': everybody(200),
	'/logo': everybody(404),
	'/login': everybody(303, { nobody: 200, deactivated: 200 }),
	'/live': staff('observe'),
	'/live/[id]': staff('observe', { records: ['impersonation'] }),
	// `supervise` or `review`, of which nobody here holds one alone.
	'/alerts': staff('review'),
	'/alerts/[id]': staff('review', { fixed: { id: '0190a000-0000-7000-8000-000000000000' }, ok: 404 }),
	'/settings/alerts': staff('policy.manage'),
	'/reviews': staff('review'),
	'/settings/review': staff('policy.manage'),
	'/reviews/coverage': staff('review'),
	'/recordings': staff('review'),
	'/recordings/erase': staff('erase'),
	'/recordings/search': staff('review', { query: '?q=invoice' }),
	'/recordings/[id]': staff('review', { records: ['impersonation'] }),
	'/recordings/[id]/evidence': staff('evidence', { records: ['impersonation'] }),
	'/recordings/[id]/evidence/pack': everybody(405, {}, { fixed: { id: 'x' } }),
	'/recordings/[id]/erase': staff('erase', { records: ['impersonation'] }),
	'/recordings/[id]/blocks/[blockId]': staff('review', {
		records: ['impersonation'],
		fixed: { blockId: '0190a000-0000-7000-8000-000000000000' },
		ok: 404
	}),
	'/recordings/[id]/film': staff('review', { records: ['impersonation'] }),
	// Nobody has unmasked it: then not even those who may are given a word.
	'/recordings/[id]/pages/[pageId]/personal': staff('unmask', {
		records: ['impersonation', 'page'],
		ok: 403
	}),
	'/recordings/[id]/pages/[pageId]/tail': staff('review', { records: ['impersonation', 'page'] }),
	'/settings': staff(null, { but: all(['manager', 'assignee', 'supervisor'], 403) }),
	'/settings/announcements': staff('settings.manage'),
	'/settings/announcements/[id]': staff('settings.manage', { records: ['announcement'] }),
	'/settings/announcements/new': staff('settings.manage'),
	'/settings/appearance': staff('settings.manage'),
	'/settings/invoicing': staff('settings.manage'),
	'/settings/mail': staff('settings.manage'),
	'/settings/notifications': staff('settings.manage'),
	'/settings/policy': staff('policy.manage'),
	'/settings/retention': staff('policy.manage'),
	'/settings/retention/[clientId]': staff('policy.manage', { records: ['client'] }),
	'/settings/portal': staff('portal.manage'),
	'/settings/sidebar': staff('portal.manage'),
	'/setup': everybody(200),
	'/sign-out': everybody(405),
	'/team': staff('team.read'),
	'/team/[id]': staff('team.read', { records: ['staff'] }),
	'/team/new': staff('team.manage'),
	'/team/roles': staff('team.read'),
	'/team/roles/[id]': staff('team.read', { records: ['role'] }),
	'/team/roles/new': staff('team.manage')
};

/** A picture needs what only a page of the agency is granted. */
export const REPLAY: Record<string, number> = { '/player': 200, '/asset/[grant]/[pageId]': 403 };
