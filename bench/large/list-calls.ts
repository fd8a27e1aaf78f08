// Every list of the product, called as its page calls it: first page, a later one, sorted, filtered, searched.
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import type { App } from '#server/app.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { recordingFilters } from '#server/usecases/recordings/list-recordings.ts';
import { serviceFilters } from '#server/usecases/services/list-services.ts';
import { subscriptionFilters } from '#server/usecases/subscriptions/agency-subscriptions.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import { teamFilters } from '#server/usecases/team/list-team.ts';

/** Two of the agency's, so that a list is asked as a Super Admin and for one client after another. */
export type Asker = { app: App; staff: StaffActor; contact: ClientActor };

type Call = (asker: Asker) => Promise<unknown>;

const TASKS = { q: '', by: 'anyone', order: null, status: 'open', waiting: false, overdue: false } as const;
const newest = { sort: '-created', page: 1 } as const;

/** A contact's own lists. */
const PORTAL: Record<string, Call> = {
	'portal home': ({ app, contact }) => app.portal.readHome(contact),
	'portal tasks': ({ app, contact }) => app.tasks.list(contact, { ...TASKS, ...newest }),
	'portal tasks, all, page 5': ({ app, contact }) =>
		app.tasks.list(contact, { ...TASKS, status: 'all', sort: 'title', page: 5 }),
	'portal tasks, searched': ({ app, contact }) =>
		app.tasks.list(contact, { ...TASKS, ...newest, status: 'all', q: 'homepage' }),
	'portal task board': ({ app, contact }) => app.tasks.board(contact, { q: '', by: 'anyone', order: null }),
	'portal files': ({ app, contact }) =>
		app.files.listFolder(contact, { folder: null, q: '', sort: 'name', page: 1 }),
	'portal files, searched': ({ app, contact }) =>
		app.files.listFolder(contact, { folder: null, q: 'report', sort: '-added', page: 1 }),
	'portal services': ({ app, contact }) =>
		app.services.listCatalogue(contact, { q: '', category: '', page: 1 }),
	'portal orders': ({ app, contact }) => app.orders.list(contact, orderFilters.parse({})),
	'portal invoices': ({ app, contact }) =>
		app.billing.list(contact, { status: 'all', q: '', sort: '-issued', page: 1 }),
	'portal subscriptions': ({ app, contact }) =>
		app.subscriptions.list(contact, { status: 'all', q: '', sort: 'renewal', page: 1 }),
	'portal messages': ({ app, contact }) =>
		app.messages.list(contact, { q: '', unread: false, clientId: null, page: 1 }),
	'portal messages, searched': ({ app, contact }) =>
		app.messages.list(contact, { q: 'invoice', unread: false, clientId: null, page: 1 }),
	'portal notices': ({ app, contact }) => app.notices.list(contact, { page: 1, unread: false }),
	'portal access history': ({ app, contact }) => app.portal.readAccessHistory(contact, 1),
	'portal drafts': ({ app, contact }) => app.drafts.list(contact, 1)
};

/** Lists of the whole agency. */
const AGENCY: Record<string, Call> = {
	dashboard: ({ app, staff }) => app.dashboard.read(staff),
	'live wall': ({ app, staff }) => app.live.readLiveSessions(staff),
	team: ({ app, staff }) => app.team.list(staff, teamFilters.parse({})),
	services: ({ app, staff }) => app.services.list(staff, serviceFilters.parse({})),
	threads: ({ app, staff }) => app.messages.list(staff, { q: '', unread: false, clientId: null, page: 1 }),
	'threads, unread': ({ app, staff }) =>
		app.messages.list(staff, { q: '', unread: true, clientId: null, page: 1 }),
	'threads, searched': ({ app, staff }) =>
		app.messages.list(staff, { q: 'invoice', unread: false, clientId: null, page: 1 }),
	...each('clients', clientFilters, (app) => app.clients.list, [
		{},
		{ page: '12' },
		{ q: 'bakery' },
		{ q: 'person 77' },
		{ status: 'inactive' },
		{ assignee: 'me' },
		{ sort: '-tasks' },
		{ sort: '-impersonated' }
	]),
	...each('tasks', staffTaskFilters, (app) => app.tasks.listForStaff, [
		{},
		{ page: '40' },
		{ q: 'newsletter' },
		{ status: 'all' },
		{ status: 'done', sort: 'title' },
		{ overdue: '1' },
		{ assignee: 'me' }
	]),
	...each('orders', orderFilters, (app) => app.orders.listAll, [
		{},
		{ q: 'ord-l77' },
		{ status: 'all', page: '30' }
	]),
	...each('invoices', invoiceFilters, (app) => app.billing.listForStaff, [
		{},
		{ status: 'overdue' },
		{ q: 'inv-l77' },
		{ status: 'paid', page: '30' }
	]),
	...each('subscriptions', subscriptionFilters, (app) => app.subscriptions.listForStaff, [
		{},
		{ q: 'plan 77' }
	]),
	...each('recordings', recordingFilters, (app) => app.recordings.list, [
		{},
		{ page: '30' },
		{ refused: '1' },
		{ mode: 'act' }
	]),
	...each('action log', actionFilters, (app) => app.agency.listActions, [
		{},
		{ action: 'order.placed' },
		{ action: 'task.created' },
		{ outcome: 'refused' },
		{ from: '2026-01-01', to: '2026-02-01' },
		{ before: '1000' }
	])
};

/** Lists of one client, as its page in the agency has them. */
const CLIENT: Record<string, Call> = {
	'client tasks': ({ app, staff, contact }) =>
		app.tasks.listOfClient(staff, contact.clientId, staffTaskFilters.parse({})),
	'client files': ({ app, staff, contact }) =>
		app.files.listFolder(staff, { folder: null, q: '', sort: 'name', page: 1, clientId: contact.clientId }),
	'client orders': ({ app, staff, contact }) =>
		app.orders.listOfClient(staff, contact.clientId, orderFilters.parse({})),
	'client invoices': ({ app, staff, contact }) =>
		app.billing.listForStaff(staff, invoiceFilters.parse({ client: contact.clientId })),
	'client threads': ({ app, staff, contact }) =>
		app.messages.list(staff, { q: '', unread: false, clientId: contact.clientId, page: 1 }),
	'client impersonations': ({ app, staff, contact }) =>
		app.agency.listClientImpersonations(staff, contact.clientId, { sort: '-started', page: 1 }),
	'client activity': ({ app, staff, contact }) =>
		app.agency.listActions(staff, actionFilters.parse({ client: contact.clientId }))
};

/** One call for each address of a list. */
function each<Filters>(
	name: string,
	schema: { parse(address: unknown): Filters },
	list: (app: App) => (staff: StaffActor, filters: Filters) => Promise<unknown>,
	addresses: readonly Record<string, string>[]
): Record<string, Call> {
	return Object.fromEntries(
		addresses.map((address) => {
			const query = new URLSearchParams(address).toString();
			const call: Call = ({ app, staff }) => list(app)(staff, schema.parse(address));
			return [query ? `${name}?${query}` : name, call];
		})
	);
}

export const LIST_CALLS: Readonly<Record<string, Call>> = { ...PORTAL, ...AGENCY, ...CLIENT };
