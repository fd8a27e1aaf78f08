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

export const tabOf = (text: string | null): Tab => TABS.find((tab) => tab === text) ?? 'overview';

/** A page number out of an address; what makes no sense is the first. */
export const pageOf = (text: string | null): number =>
	text && /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 1;
