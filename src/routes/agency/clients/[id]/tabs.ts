import type { Permission } from '#domain/permissions.ts';

/** Tabs of Client Details, as they stand in `?tab=`. */
export const TABS = [
	'overview',
	'contacts',
	'tasks',
	'files',
	'messages',
	'services',
	'orders',
	'invoices',
	'subscriptions',
	'portal',
	'impersonations',
	'activity'
] as const;
export type Tab = (typeof TABS)[number];

export const TAB_LABELS: Record<Tab, string> = {
	overview: 'Overview',
	contacts: 'Contacts',
	tasks: 'Tasks',
	files: 'Files',
	messages: 'Messages',
	services: 'Services',
	orders: 'Orders',
	invoices: 'Invoices',
	subscriptions: 'Subscriptions',
	portal: 'Portal set-up',
	impersonations: 'Impersonations',
	activity: 'Activity'
};

/** What a tab needs beside the page's own permission; the lists ask it too. */
const NEEDS: Partial<Record<Tab, Permission>> = { messages: 'messages.manage' };

/** The tabs this person may open; the others are absent, never disabled. */
export const openTabs = (permissions: ReadonlySet<Permission>): Tab[] =>
	TABS.filter((tab) => {
		const needed = NEEDS[tab];
		return needed === undefined || permissions.has(needed);
	});

export const tabOf = (text: string | null): Tab => TABS.find((tab) => tab === text) ?? 'overview';

/** A page number out of an address; what makes no sense is the first. */
export const pageOf = (text: string | null): number =>
	text && /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 1;
