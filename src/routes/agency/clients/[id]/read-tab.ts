import { clientPortal } from '#domain/client-portal.ts';
import type { StaffActor } from '#domain/actor.ts';
import type { App } from '#server/app.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { clientImpersonationsView } from '#server/usecases/agency/list-client-impersonations.ts';
import type { ClientDetails } from '#server/usecases/agency/read-client.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { THREAD_SORTS } from '#server/usecases/messages/list-threads.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { clientServicesView } from '#server/usecases/services/list-visibility.ts';
import { subscriptionFilters } from '#server/usecases/subscriptions/agency-subscriptions.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import { contactsPage, contactSortOf } from './sort-contacts.ts';
import { pageOf, type Tab } from './tabs.ts';

const LATEST = 10;
const MAX_QUERY = 100;

type Question = {
	actor: StaffActor;
	client: ClientDetails;
	tab: Tab;
	page: number;
	params: URLSearchParams;
};

async function readTasks(app: App, actor: StaffActor, clientId: string, params: URLSearchParams) {
	const filters = staffTaskFilters.parse({ status: 'all', ...Object.fromEntries(params) });
	return { filters, ...(await app.tasks.listOfClient(actor, clientId, filters)) };
}

/** Who was inside, and beside it what they prepared: two lists, each with pages of its own. */
async function readStays(app: App, actor: StaffActor, clientId: string, params: URLSearchParams) {
	const view = {
		...clientImpersonationsView.parse(Object.fromEntries(params)),
		page: pageOf(params.get('page'))
	};
	const draftPage = pageOf(params.get('drafts'));
	const [stays, drafts] = await Promise.all([
		app.agency.listClientImpersonations(actor, clientId, view),
		app.drafts.listOfClient(actor, clientId, draftPage)
	]);
	return { view, draftPage, drafts, ...stays };
}

/** What the open tab shows; only that one is read. */
export async function readTab(app: App, { actor, client, tab, page, params }: Question) {
	const { agency } = app;
	const clientId = client.id;
	const asked = Object.fromEntries(params);
	switch (tab) {
		case 'overview': {
			const latest = await agency.listActions(
				actor,
				actionFilters.parse({ client: clientId, deeds: '1' }),
				LATEST
			);
			return { tab, rows: latest.rows, total: latest.total, isMore: latest.isMore };
		}
		case 'contacts': {
			const sort = contactSortOf(params.get('sort'));
			return { tab, sort, ...contactsPage(client.contacts, { sort, page, pageSize: PAGE_SIZE }) };
		}
		case 'tasks':
			return { tab, ...(await readTasks(app, actor, clientId, params)) };
		case 'files': {
			const files = await app.files.readForStaff(actor, clientId, asked);
			return { tab, rows: files.list.files, total: files.list.total, files };
		}
		case 'services': {
			const view = { ...clientServicesView.parse(asked), page };
			return { tab, view, ...(await app.services.listOfClient(actor, clientId, view)) };
		}
		case 'orders': {
			const filters = orderFilters.parse(asked);
			return { tab, filters, ...(await app.orders.listOfClient(actor, clientId, filters)) };
		}
		case 'messages': {
			const sort = THREAD_SORTS.find((one) => one === params.get('sort')) ?? '-when';
			const q = (params.get('q') ?? '').trim().slice(0, MAX_QUERY);
			const filter = { q, unread: params.get('unread') === '1', clientId, sort, page };
			return { tab, filter, ...(await app.messages.list(actor, filter)) };
		}
		case 'invoices': {
			const filters = invoiceFilters.parse({ ...asked, client: clientId });
			return { tab, filters, ...(await app.billing.listForStaff(actor, filters)) };
		}
		case 'subscriptions': {
			const filters = subscriptionFilters.parse({ status: 'all', ...asked, client: clientId });
			return { tab, filters, ...(await app.subscriptions.listForStaff(actor, filters)) };
		}
		case 'portal': {
			const setup = await app.portalSetup.readClientSetup(actor, clientId);
			return { tab, rows: [], total: 0, portal: clientPortal(setup) };
		}
		case 'impersonations':
			return { tab, ...(await readStays(app, actor, clientId, params)) };
		case 'activity': {
			const { before, after } = asked;
			return {
				tab,
				...(await agency.listActions(actor, actionFilters.parse({ client: clientId, before, after })))
			};
		}
	}
}
