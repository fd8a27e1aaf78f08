import { clientPortal } from '#domain/client-portal.ts';
import type { StaffActor } from '#domain/actor.ts';
import type { App } from '#server/app.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { orderFilters } from '#server/usecases/orders/list-orders.ts';
import { invoiceFilters } from '#server/usecases/billing/list-agency-invoices.ts';
import { subscriptionFilters } from '#server/usecases/subscriptions/agency-subscriptions.ts';
import { staffTaskFilters } from '#server/usecases/tasks/list-staff-tasks.ts';
import type { Tab } from './tabs.ts';

const LATEST = 10;

type Question = { actor: StaffActor; clientId: string; tab: Tab; page: number; params: URLSearchParams };

async function readTasks(
	app: App,
	{ actor, clientId, params }: Pick<Question, 'actor' | 'clientId' | 'params'>
) {
	const filters = staffTaskFilters.parse({ status: 'all', ...Object.fromEntries(params) });
	return { filters, ...(await app.tasks.listOfClient(actor, clientId, filters)) };
}

/** What the open tab shows; only that one is read. */
export async function readTab(app: App, { actor, clientId, tab, page, params }: Question) {
	const { agency } = app;
	switch (tab) {
		case 'overview': {
			const latest = await agency.listActions(actor, actionFilters.parse({ client: clientId, deeds: '1' }), LATEST);
			return { tab, rows: latest.rows, total: latest.total, isMore: latest.isMore };
		}
		case 'contacts':
			return { tab };
		case 'tasks':
			return { tab, ...(await readTasks(app, { actor, clientId, params })) };
		case 'files': {
			const files = await app.files.readForStaff(actor, clientId, Object.fromEntries(params));
			return { tab, rows: files.list.files, total: files.list.total, files };
		}
		case 'services':
			return { tab, ...(await app.services.listOfClient(actor, clientId, page)) };
		case 'orders': {
			const filters = orderFilters.parse(Object.fromEntries(params));
			return { tab, filters, ...(await app.orders.listOfClient(actor, clientId, filters)) };
		}
		case 'messages': {
			const filter = { q: '', unread: false, clientId, page };
			return { tab, ...(await app.messages.list(actor, filter)) };
		}
		case 'invoices': {
			const filters = invoiceFilters.parse({ ...Object.fromEntries(params), client: clientId });
			return { tab, filters, ...(await app.billing.listForStaff(actor, filters)) };
		}
		case 'subscriptions': {
			const asked = { status: 'all', ...Object.fromEntries(params), client: clientId };
			const filters = subscriptionFilters.parse(asked);
			return { tab, filters, ...(await app.subscriptions.listForStaff(actor, filters)) };
		}
		case 'portal': {
			const setup = await app.portalSetup.readClientSetup(actor, clientId);
			return { tab, rows: [], total: 0, portal: clientPortal(setup) };
		}
		case 'impersonations':
			return {
				tab,
				drafts: await app.drafts.listOfClient(actor, clientId),
				...(await agency.listClientImpersonations(actor, clientId, page))
			};
		case 'activity': {
			const { before, after } = Object.fromEntries(params);
			return {
				tab,
				...(await agency.listActions(actor, actionFilters.parse({ client: clientId, before, after })))
			};
		}
	}
}
