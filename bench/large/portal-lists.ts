// Lists of the portal, called as a contact's pages call them.
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { sorted, type Call } from './list-call.ts';

const TASKS = { q: '', by: 'anyone', order: null, status: 'open', waiting: false, overdue: false } as const;
const THREADS = { q: '', unread: false, clientId: null, page: 1 };
const newest = { sort: '-created', page: 1 } as const;

/** A contact's own lists. */
export const PORTAL_LISTS: Record<string, Call> = {
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
	'portal messages': ({ app, contact }) => app.messages.list(contact, THREADS),
	'portal messages, searched': ({ app, contact }) => app.messages.list(contact, { ...THREADS, q: 'invoice' }),
	'portal notices': ({ app, contact }) => app.notices.list(contact, { page: 1, unread: false }),
	'portal access history': ({ app, contact }) => app.portal.readAccessHistory(contact, 1),
	...sorted(
		'portal access history',
		['-length', 'who', 'as', 'why'],
		(sort) =>
			({ app, contact }) =>
				app.portal.readAccessHistory(contact, 1, { sort })
	),
	...sorted(
		'portal messages',
		['subject', 'when'],
		(sort) =>
			({ app, contact }) =>
				app.messages.list(contact, { ...THREADS, sort })
	),
	...sorted(
		'portal notices',
		['when', 'about'],
		(sort) =>
			({ app, contact }) =>
				app.notices.list(contact, { page: 1, unread: false, sort })
	),
	...sorted(
		'portal services as a list',
		['name', 'category', '-packages', 'price'],
		(sort) =>
			({ app, contact }) =>
				app.services.listCatalogue(contact, { q: '', category: '', sort, page: 1 })
	),
	...sorted(
		'portal recently deleted',
		['-deleted', 'name', '-size'],
		(sort) =>
			({ app, contact }) =>
				app.files.listDeleted(contact, { page: 1, sort })
	),
	...sorted(
		'portal approvals',
		['-when', 'what', 'by', 'state'],
		(sort) =>
			({ app, contact }) =>
				app.drafts.list(contact, 1, { sort })
	),
	'portal team': ({ app, contact }) => app.account.listTeam(contact)
};
