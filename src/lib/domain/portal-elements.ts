// Everything of the portal that can be shown or hidden: menu entries, and the sections, fields and actions within them.
// Keys are stored in the set-up of agencies and clients: added, never renamed [H4].
import type { IconName } from './icons.ts';

/** Rights of a contact. The owner of a client holds all of them. */
export const CONTACT_RIGHTS = ['tasks', 'files', 'orders', 'billing'] as const;
export type ContactRight = (typeof CONTACT_RIGHTS)[number];

type Area = { label: string; href: string; icon: IconName; right: ContactRight | null; mayHide: boolean };

/** The portal's areas in their default order. */
export const AREAS = {
	home: { label: 'Home', href: '/', icon: 'house', right: null, mayHide: false },
	tasks: { label: 'Tasks', href: '/tasks', icon: 'list-checks', right: 'tasks', mayHide: true },
	files: { label: 'Files', href: '/files', icon: 'folder', right: 'files', mayHide: true },
	messages: { label: 'Messages', href: '/messages', icon: 'messages-square', right: null, mayHide: true },
	services: { label: 'Services', href: '/services', icon: 'store', right: null, mayHide: true },
	orders: { label: 'Orders', href: '/orders', icon: 'package', right: 'orders', mayHide: true },
	invoices: { label: 'Invoices', href: '/invoices', icon: 'file-text', right: 'billing', mayHide: true },
	subscriptions: {
		label: 'Subscriptions',
		href: '/subscriptions',
		icon: 'refresh-cw',
		right: 'billing',
		mayHide: true
	},
	account: { label: 'Account', href: '/account', icon: 'circle-user', right: null, mayHide: false },
	'access-history': {
		label: 'Access history',
		href: '/access-history',
		icon: 'shield-check',
		right: null,
		mayHide: false
	}
} as const satisfies Record<string, Area>;

export type AreaKey = keyof typeof AREAS;

export type PartKind = 'section' | 'field' | 'action';

type Part = {
	area: AreaKey;
	kind: PartKind;
	label: string;
	/** Needed beside the area's own. */
	right?: ContactRight;
	/** A field that its reader may also fill in: "see but not change" can be set. */
	editable?: boolean;
};

const part = (area: AreaKey, kind: PartKind, label: string, more: Partial<Part> = {}): Part => ({
	area,
	kind,
	label,
	...more
});

export const PARTS = {
	'home.announcements': part('home', 'section', 'Announcements'),
	'home.activity': part('home', 'section', 'Recent activity'),
	'tasks.create': part('tasks', 'action', 'Create and edit tasks'),
	'tasks.complete': part('tasks', 'action', 'Complete and reopen tasks'),
	'tasks.delete': part('tasks', 'action', 'Delete own tasks'),
	'tasks.comments': part('tasks', 'section', 'Comments'),
	'tasks.attachments': part('tasks', 'section', 'Attachments'),
	'tasks.activity': part('tasks', 'section', 'Activity of a task'),
	'tasks.due_date': part('tasks', 'field', 'Due date', { editable: true }),
	'tasks.assignee': part('tasks', 'field', 'Who works on it'),
	'files.upload': part('files', 'action', 'Upload files and make folders'),
	'files.organize': part('files', 'action', 'Rename and move files'),
	'files.delete': part('files', 'action', 'Delete files'),
	'files.download': part('files', 'action', 'Download files'),
	'messages.send': part('messages', 'action', 'Write messages'),
	'services.prices': part('services', 'field', 'Prices'),
	'services.faq': part('services', 'section', 'Questions and answers'),
	'orders.place': part('orders', 'action', 'Place orders'),
	'orders.cancel': part('orders', 'action', 'Cancel pending orders'),
	'orders.messages': part('orders', 'section', 'Messages of an order'),
	'orders.files': part('orders', 'section', 'Files of an order'),
	'orders.amounts': part('orders', 'field', 'Amounts', { right: 'billing' }),
	'invoices.payments': part('invoices', 'section', 'Payments'),
	'invoices.pdf': part('invoices', 'action', 'Download PDF'),
	'invoices.claim': part('invoices', 'action', 'Say “I have paid”'),
	'subscriptions.change': part('subscriptions', 'action', 'Change plan'),
	'subscriptions.pause': part('subscriptions', 'action', 'Pause and resume'),
	'subscriptions.cancel': part('subscriptions', 'action', 'Cancel subscriptions'),
	'account.profile': part('account', 'action', 'Edit own profile'),
	'account.team': part('account', 'section', 'Team contacts')
} as const satisfies Record<string, Part>;

export type PartKey = keyof typeof PARTS;
export type ElementKey = AreaKey | PartKey;

export const isArea = (key: string): key is AreaKey => Object.hasOwn(AREAS, key);
// Own keys only: `constructor` and `__proto__` are in every object, and are no elements.
export const isElement = (key: string): key is ElementKey => isArea(key) || Object.hasOwn(PARTS, key);

/** Every area followed by its parts. */
export const elementKeys = (): ElementKey[] =>
	(Object.keys(AREAS) as AreaKey[]).flatMap((area) => [area, ...partsOf(area)]);

export type Element = {
	area: AreaKey;
	kind: 'area' | PartKind;
	label: string;
	rights: ContactRight[];
	mayHide: boolean;
	editable: boolean;
};

/** An area or a part of one, described alike. */
export function elementOf(key: ElementKey): Element {
	if (isArea(key)) {
		const area: Area = AREAS[key];
		const rights = area.right ? [area.right] : [];
		return { area: key, kind: 'area', label: area.label, rights, mayHide: area.mayHide, editable: false };
	}
	const one: Part = PARTS[key];
	return {
		area: one.area,
		kind: one.kind,
		label: one.label,
		rights: one.right ? [one.right] : [],
		mayHide: true,
		editable: one.editable ?? false
	};
}

/** The parts of an area in their order. */
export const partsOf = (area: AreaKey): PartKey[] =>
	(Object.keys(PARTS) as PartKey[]).filter((key) => PARTS[key].area === area);
