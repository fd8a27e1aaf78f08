// Every list of the product, called as its page calls it: first page, a later one, sorted, filtered, searched.
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { clientFilters } from '#server/usecases/clients/client-list.ts';
import { failedMailsView } from '#server/usecases/notices/failed-mails.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { serviceFilters } from '#server/usecases/services/list-services.ts';
import { announcementsView } from '#server/usecases/settings/list-announcements.ts';
import { subscriptionFilters } from '#server/usecases/subscriptions/agency-subscriptions.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import { teamFilters } from '#server/usecases/team/list-team.ts';
import { each, sorted, type Call } from './list-call.ts';
import { PORTAL_LISTS } from './portal-lists.ts';

const THREADS = { q: '', unread: false, clientId: null, page: 1 };

/** Lists of the whole agency. */
const AGENCY: Record<string, Call> = {
	dashboard: ({ app, staff }) => app.dashboard.read(staff),
	'live wall': ({ app, staff }) => app.live.readLiveSessions(staff),
	threads: ({ app, staff }) => app.messages.list(staff, THREADS),
	'threads, unread': ({ app, staff }) => app.messages.list(staff, { ...THREADS, unread: true }),
	'threads, searched': ({ app, staff }) => app.messages.list(staff, { ...THREADS, q: 'invoice' }),
	...sorted(
		'threads',
		['when', 'subject', '-subject'],
		(sort) =>
			({ app, staff }) =>
				app.messages.list(staff, { ...THREADS, sort })
	),
	...sorted(
		'notices',
		['-when', 'about'],
		(sort) =>
			({ app, staff }) =>
				app.notices.list(staff, { page: 1, unread: false, sort })
	),
	...each('team', teamFilters, (app) => app.team.list, [{}, { sort: 'role' }, { sort: '-clients' }]),
	...each('services', serviceFilters, (app) => app.services.list, [
		{},
		{ sort: 'category' },
		{ sort: '-orders' }
	]),
	...each('announcements', announcementsView, (app) => app.settings.listAnnouncements, [
		{},
		{ sort: 'title' },
		{ sort: 'client' },
		{ sort: 'by' }
	]),
	...each('mail', failedMailsView, (app) => app.notices.listFailedMails, [
		{},
		{ sort: 'to' },
		{ sort: 'subject' },
		{ sort: '-tried' }
	]),
	...each('clients', clientFilters, (app) => app.clients.list, [
		{},
		{ page: '12' },
		{ q: 'bakery' },
		{ q: 'person 77' },
		{ status: 'inactive' },
		{ assignee: 'me' },
		{ sort: '-name', page: '12' },
		{ sort: 'status' },
		{ sort: '-tasks' },
		{ sort: '-impersonated' }
	]),
	...each('tasks', staffTaskFilters, (app) => app.tasks.listForStaff, [
		{},
		{ page: '40' },
		{ q: 'newsletter' },
		{ status: 'all' },
		{ status: 'done', sort: '-created' },
		{ due: 'overdue' },
		{ assignee: 'me' }
	]),
	...each('orders', orderFilters, (app) => app.orders.listAll, [
		{},
		{ q: 'ord-l77' },
		{ status: 'all', page: '30' },
		{ sort: 'service' },
		{ sort: 'status' },
		{ sort: '-total' }
	]),
	...each('invoices', invoiceFilters, (app) => app.billing.listForStaff, [
		{},
		{ status: 'overdue' },
		{ q: 'inv-l77' },
		{ status: 'paid', page: '30' },
		{ sort: 'due' },
		{ sort: '-total' },
		{ sort: 'number' }
	]),
	...each('subscriptions', subscriptionFilters, (app) => app.subscriptions.listForStaff, [
		{},
		{ q: 'plan 77' },
		{ sort: 'renewal' }
	]),
	...each('recordings', recordingFilters, (app) => app.recordings.list, [
		{},
		{ page: '30' },
		{ refused: '1' },
		{ did: 'task.created' },
		{ did: 'contact.invited' },
		{ area: 'home' },
		{ area: 'access-history' },
		{ mode: 'act' },
		{ sort: 'client' },
		{ sort: '-client', page: '30' },
		{ sort: 'length' },
		{ sort: '-length' }
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
		app.messages.list(staff, { ...THREADS, clientId: contact.clientId }),
	...sorted(
		'client impersonations',
		['-started', '-length', 'staff', 'contact'],
		(sort) =>
			({ app, staff, contact }) =>
				app.agency.listClientImpersonations(staff, contact.clientId, { sort, page: 1 })
	),
	...sorted(
		'client services',
		['position', 'seen', '-orders'],
		(sort) =>
			({ app, staff, contact }) =>
				app.services.listOfClient(staff, contact.clientId, { sort, page: 1 })
	),
	'client threads, by subject': ({ app, staff, contact }) =>
		app.messages.list(staff, { ...THREADS, clientId: contact.clientId, sort: 'subject' }),
	'client recently deleted': ({ app, staff, contact }) =>
		app.files.listDeleted(staff, { page: 1, clientId: contact.clientId }),
	'client approvals': ({ app, staff, contact }) => app.drafts.listOfClient(staff, contact.clientId),
	'client activity': ({ app, staff, contact }) =>
		app.agency.listActions(staff, actionFilters.parse({ client: contact.clientId }))
};

export const LIST_CALLS: Readonly<Record<string, Call>> = { ...PORTAL_LISTS, ...AGENCY, ...CLIENT };
