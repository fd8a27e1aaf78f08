// Every page of the agency host with addresses that have content, found by walking the routes.
import { readRouteFiles } from '../support/route-files.ts';
import { sql } from './database.ts';

/** Pages before signing in, and those that only lead on with the records below. */
const OUTSIDE = ['/login', '/invitation', '/forgot', '/setup', '/confirm-email'];
const LEADS_ON = ['/clients/[id]/drafts', '/invoices/[id]/edit'];

const CLIENT = "(SELECT id FROM client WHERE name = 'Bluebird Bakery')";
const AGENCY = "(SELECT agency_id FROM client WHERE name = 'Bluebird Bakery')";

/** Where the record of an address comes from: by the part before its parameter. */
const SOURCES: Record<string, string> = {
	clients: `client WHERE id = ${CLIENT}`,
	impersonations: `impersonation WHERE client_id = ${CLIENT} AND state = 'ended' AND started_at IS NOT NULL`,
	contacts: `contact WHERE client_id = ${CLIENT} AND NOT is_owner`,
	tasks: `task WHERE client_id = ${CLIENT} AND deleted_at IS NULL`,
	files: `file WHERE client_id = ${CLIENT} AND deleted_at IS NULL`,
	invoices: `invoice WHERE client_id = ${CLIENT} AND status = 'open'`,
	orders: `client_order WHERE client_id = ${CLIENT}`,
	subscriptions: `subscription WHERE client_id = ${CLIENT}`,
	services: `service WHERE agency_id = ${AGENCY} AND status = 'published'`,
	messages: `thread WHERE client_id = ${CLIENT}`,
	announcements: `announcement WHERE agency_id = ${AGENCY}`,
	retention: `client WHERE id = ${CLIENT}`,
	team: `staff WHERE agency_id = ${AGENCY} AND email = 'maya@northwind.test'`,
	roles: `role WHERE agency_id = ${AGENCY}`,
	// Looked at by the test of an impersonation, with somebody inside.
	live: 'client WHERE false',
	recordings: 'client WHERE false'
};

/** Query that a page needs to show itself. */
const QUERIES: Record<string, string> = { '/orders/new': '?client=' };

/** What a draft alone has: its page with what can still be done with it, and its editor. */
const OF_A_DRAFT = ['/invoices/[id]', '/invoices/[id]/edit'];

/** All addresses, as somebody sees them who may see everything. */
export function agencyPages(): string[] {
	const names = Object.keys(SOURCES);
	const columns = names.map((name) => `(SELECT id::text FROM ${SOURCES[name]} ORDER BY id LIMIT 1)`);
	const [row = []] = sql(`SELECT ${columns.join(', ')}`);
	const [[draft] = []] = sql(
		`SELECT id FROM invoice WHERE agency_id = ${AGENCY} AND status = 'draft' ORDER BY id LIMIT 1`
	);
	if (!draft) throw new Error('There is no draft of an invoice to look at.');
	const idOf = (name: string): string => {
		if (!(name in SOURCES))
			throw new Error(`Name a source of records for ${name} in tests/e2e/agency-pages.ts.`);
		return row[names.indexOf(name)] ?? '';
	};
	const pages = readRouteFiles().filter(
		({ side, kind, route }) =>
			side === 'agency' &&
			kind === 'page' &&
			!route.includes('[...') &&
			!LEADS_ON.includes(route) &&
			!OUTSIDE.some((one) => route === one || route.startsWith(`${one}/`))
	);
	const found = pages.flatMap(({ route }) => {
		let isWhole = true;
		const address = route.replaceAll(/\/(\w+)\/\[\w+\]/g, (_whole, name: string) => {
			const id = idOf(name);
			isWhole &&= id !== '';
			return `/${name}/${id}`;
		});
		const query = QUERIES[route] ? QUERIES[route] + idOf('clients') : '';
		return isWhole ? [address + query] : [];
	});
	return [...found, ...OF_A_DRAFT.map((route) => route.replace('[id]', draft))];
}
