// The agency's own menu: what stands in it by default, and for whom. Keys are stored in the sidebars of roles: added,
// never renamed [H4].
import { isIcon, type IconName } from './icons.ts';
import type { Sidebar } from './menu.ts';
import type { Permission } from './permissions.ts';

type AgencyArea = {
	label: string;
	href: string;
	icon: IconName;
	/** Without it there is no entry: its page would refuse. Null: for everybody. */
	needs: Permission | null;
	group: string | null;
};

export const AGENCY_AREAS = {
	dashboard: { label: 'Dashboard', href: '/', icon: 'layout-dashboard', needs: null, group: null },
	clients: { label: 'Clients', href: '/clients', icon: 'users', needs: 'clients.read', group: null },
	messages: {
		label: 'Messages',
		href: '/messages',
		icon: 'messages-square',
		needs: 'messages.manage',
		group: null
	},
	tasks: { label: 'Tasks', href: '/tasks', icon: 'list-checks', needs: 'tasks.manage', group: 'Work' },
	orders: { label: 'Orders', href: '/orders', icon: 'package', needs: 'orders.manage', group: 'Work' },
	services: { label: 'Services', href: '/services', icon: 'store', needs: 'services.manage', group: 'Work' },
	invoices: {
		label: 'Invoices',
		href: '/invoices',
		icon: 'file-text',
		needs: 'billing.manage',
		group: 'Billing'
	},
	subscriptions: {
		label: 'Subscriptions',
		href: '/subscriptions',
		icon: 'refresh-cw',
		needs: 'billing.manage',
		group: 'Billing'
	},
	live: { label: 'Live', href: '/live', icon: 'radio-tower', needs: 'observe', group: 'Oversight' },
	recordings: {
		label: 'Recordings',
		href: '/recordings',
		icon: 'film',
		needs: 'review',
		group: 'Oversight'
	},
	reviews: {
		label: 'Reviews',
		href: '/reviews',
		icon: 'clipboard-check',
		needs: 'review',
		group: 'Oversight'
	},
	alerts: { label: 'Alerts', href: '/alerts', icon: 'siren', needs: null, group: 'Oversight' },
	actions: {
		label: 'Action log',
		href: '/actions',
		icon: 'scroll-text',
		needs: 'actions.read',
		group: 'Oversight'
	},
	team: { label: 'Team', href: '/team', icon: 'users-round', needs: 'team.read', group: 'Agency' },
	settings: { label: 'Settings', href: '/settings', icon: 'settings', needs: null, group: 'Agency' }
} as const satisfies Record<string, AgencyArea>;

export type AgencyAreaKey = keyof typeof AGENCY_AREAS;

/** Any of these opens Settings; each of its pages asks for its own. */
export const SETTINGS_PERMISSIONS = [
	'settings.manage',
	'portal.manage',
	'policy.manage'
] as const satisfies Permission[];

/** Either of these opens Alerts. */
export const ALERT_PERMISSIONS = ['supervise', 'review'] as const satisfies Permission[];

const KEYS = Object.keys(AGENCY_AREAS) as AgencyAreaKey[];

export type AgencyMenuEntry = {
	key: AgencyAreaKey;
	label: string;
	href: string;
	icon: IconName;
	group: string | null;
};

/** Whether somebody with these permissions could open the area at all, whatever their menu shows. */
export function mayOpen(key: AgencyAreaKey, permissions: ReadonlySet<Permission>): boolean {
	const { needs }: AgencyArea = AGENCY_AREAS[key];
	if (key === 'settings') return SETTINGS_PERMISSIONS.some((permission) => permissions.has(permission));
	if (key === 'alerts') return ALERT_PERMISSIONS.some((permission) => permissions.has(permission));
	return needs === null || permissions.has(needs);
}

/** Every entry as a role arranged it, hidden ones too; what the editor shows. */
export function arrangedAgencyMenu(sidebar: Sidebar): (AgencyMenuEntry & { hidden: boolean })[] {
	const order = (key: AgencyAreaKey) => sidebar[key]?.order ?? KEYS.indexOf(key);
	// Headings make sense only where the entries under them still stand together.
	const isMoved = KEYS.some((key) => sidebar[key]?.order !== undefined);
	return KEYS.toSorted((a, b) => order(a) - order(b)).map((key) => {
		const area: AgencyArea = AGENCY_AREAS[key];
		const icon = sidebar[key]?.icon;
		return {
			key,
			label: sidebar[key]?.label ?? area.label,
			href: area.href,
			icon: isIcon(icon) ? icon : area.icon,
			group: isMoved ? null : area.group,
			hidden: sidebar[key]?.hidden ?? false
		};
	});
}

/** The sidebar of one staff member: what their permissions open, less what their role's menu hides. */
export const agencyMenu = (sidebar: Sidebar, permissions: ReadonlySet<Permission>): AgencyMenuEntry[] =>
	arrangedAgencyMenu(sidebar)
		.filter((entry) => !entry.hidden && mayOpen(entry.key, permissions))
		.map(({ hidden: _hidden, ...entry }) => entry);
