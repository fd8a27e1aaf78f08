// The one catalogue of staff permissions and the roles that are sets of them (product.md §Permissions).

/** Grouped as the roles page shows them. */
export const PERMISSION_GROUPS = {
	Clients: {
		'clients.read': 'See clients and their details',
		'clients.all': 'Reach every client, not only assigned ones',
		'clients.manage': 'Create, edit, assign and archive clients, invite contacts',
		'clients.export': 'Export lists as CSV',
		erase: 'Erase clients and recordings for good'
	},
	Impersonation: {
		impersonate: 'Impersonate a contact in view mode',
		'impersonate.act': 'Change things while impersonating',
		observe: 'Watch running impersonations',
		assist: 'Help while watching: point, draw and write',
		supervise: 'Watch, help, take control of, freeze and end running impersonations',
		review: 'Replay recordings',
		unmask: 'Unmask personal data in recordings, with a reason',
		evidence: 'Take recordings out as evidence packs, with a reason',
		'actions.read': 'Read the action log'
	},
	Work: {
		'tasks.manage': 'Create and change tasks of clients',
		'files.manage': 'Upload and organize files of clients',
		'orders.manage': 'Work on orders',
		'billing.manage': 'Invoices, payments and subscriptions',
		'services.manage': 'Edit the services clients can order',
		'messages.manage': 'Read and answer messages'
	},
	Agency: {
		'team.read': 'See the team and its roles',
		'team.manage': 'Invite people, change their roles, deactivate them',
		'portal.manage': 'Set up portals: sidebar, visibility, overrides',
		'policy.manage': 'Set the rules of impersonation',
		'settings.manage': 'Appearance, announcements, invoicing and notifications'
	}
} as const;

type Groups = typeof PERMISSION_GROUPS;
export type Permission = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];

export const PERMISSIONS = Object.assign({}, ...Object.values(PERMISSION_GROUPS)) as Record<
	Permission,
	string
>;

const ALL = Object.keys(PERMISSIONS) as Permission[];

/** The built-in roles; agencies add their own as any set of permissions. */
export const BUILT_IN_ROLES: Record<string, { name: string; permissions: Permission[] }> = {
	super_admin: { name: 'Super Admin', permissions: ALL },
	admin: { name: 'Admin', permissions: ALL },
	manager: {
		name: 'Manager',
		permissions: [
			'clients.read',
			'impersonate',
			'impersonate.act',
			'team.read',
			'tasks.manage',
			'files.manage',
			'orders.manage',
			'messages.manage'
		]
	},
	assignee: {
		name: 'Assignee',
		permissions: ['clients.read', 'tasks.manage', 'files.manage', 'messages.manage']
	}
};

export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSIONS, text);

/** What a permission is made of, the next lower one each: whoever may stop may help, whoever may help may look. */
const INCLUDES: Partial<Record<Permission, Permission>> = { supervise: 'assist', assist: 'observe' };

/**
 * A role's set, with what was granted to or withdrawn from this one staff member. Withdrawing wins: also over what includes
 * what was withdrawn, of which the rest stays.
 */
export function effectivePermissions(
	role: readonly string[],
	granted: readonly string[],
	withdrawn: readonly string[]
): ReadonlySet<Permission> {
	const isWithdrawn = (part: Permission) => withIncluded(part).some((lower) => withdrawn.includes(lower));
	const isGiven = (part: Permission) => role.includes(part) || granted.includes(part);
	// What was included in something comes and goes with it: whoever loses `supervise` does not stay as a helper by that alone.
	const given = ALL.filter((permission) => isGiven(permission) && !withdrawn.includes(permission));
	return new Set(given.flatMap(withIncluded).filter((part) => !isWithdrawn(part)));
}

function withIncluded(permission: Permission): Permission[] {
	const lower = INCLUDES[permission];
	return lower ? [permission, ...withIncluded(lower)] : [permission];
}
