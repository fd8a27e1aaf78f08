// Every page of the portal with addresses that have content, found by walking the routes: what a test of all pages visits.
import { readRouteFiles } from '../support/route-files.ts';
import { sql } from './database.ts';

/** Pages outside the signed-in portal, and those that only staff ever see. */
const OUTSIDE = ['/login', '/impersonation-ended', '/invitation', '/forgot', '/setup', '/confirm-email'];

/** Where the id of a page's record comes from, by the first part of its address. */
const SOURCES: Record<string, string> = {
	tasks: 'task WHERE client_id = $ AND client_visible AND deleted_at IS NULL',
	files:
		"file WHERE client_id = $ AND deleted_at IS NULL AND task_id IS NULL AND media_type = 'application/pdf'",
	invoices: "invoice WHERE client_id = $ AND status = 'open'",
	orders: 'client_order WHERE client_id = $',
	subscriptions: 'subscription WHERE client_id = $',
	services: "service WHERE agency_id = (SELECT agency_id FROM client WHERE id = $) AND status = 'published'",
	messages: 'thread WHERE client_id = $ AND order_id IS NULL',
	'access-history':
		'impersonation WHERE client_id = $ AND started_at IS NOT NULL AND contact_id IN (SELECT id FROM contact WHERE is_owner)'
};

/** Addresses beside the plain ones: other looks, nothing found, nothing there. */
const MORE = [
	'/tasks?q=nobody-wrote-this',
	'/tasks?view=board',
	'/tasks?status=done',
	'/invoices?status=paid',
	'/orders?q=nobody-wrote-this',
	'/messages?q=nobody-wrote-this',
	'/services?q=nobody-wrote-this',
	'/access-history?from=2099-01-01',
	'/no-such-page',
	'/tasks/00000000-0000-4000-8000-000000000000'
];

export type PortalPages = { addresses: string[]; clientId: string };

/** All addresses of one client's portal, the demo's client of the tour unless another is named. */
export function portalPages(client = 'Bluebird Bakery'): PortalPages {
	const columns = Object.entries(SOURCES).map(
		([name, from]) =>
			`(SELECT id::text FROM ${from.replaceAll('$', 'c.id')} ORDER BY id LIMIT 1) AS "${name}"`
	);
	const [row = []] = sql(`SELECT c.id, ${columns.join(', ')} FROM client c WHERE c.name = '${client}'`);
	const ids = new Map(Object.keys(SOURCES).map((name, index) => [name, row[index + 1] ?? '']));
	const pages = readRouteFiles().filter(
		({ side, kind, route }) =>
			side === 'portal' &&
			kind === 'page' &&
			!OUTSIDE.some((one) => route === one || route.startsWith(`${one}/`))
	);
	const addresses = pages.flatMap(({ route }) => {
		if (route.includes('[...')) return [];
		if (!route.includes('[')) return [route];
		const area = route.split('/')[1] ?? '';
		// A page whose records nobody named would never be looked at: that must fail, not pass.
		if (!(area in SOURCES))
			throw new Error(`Name a source of records for ${route} in tests/e2e/portal-pages.ts.`);
		const id = ids.get(area);
		return id ? [route.replace(/\[\w+\]/, id)] : [];
	});
	const service = ids.get('services');
	const ordering = service ? [`/orders/new?service=${service}`] : [];
	return { addresses: [...addresses, ...ordering, ...MORE].toSorted(), clientId: row[0] ?? '' };
}
