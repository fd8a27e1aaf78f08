// The one catalogue of staff permissions and the roles that are sets of them (product.md §Permissions).

export const PERMISSIONS = {
	'clients.read': 'See clients and their details',
	'clients.all': 'Reach every client, not only assigned ones',
	impersonate: 'Impersonate a contact in view mode',
	'impersonate.act': 'Change things while impersonating',
	supervise: 'Watch running impersonations, freeze and end them',
	review: 'Replay recordings',
	'actions.read': 'Read the action log',
	'team.read': 'See the team and its roles'
} as const;

export type Permission = keyof typeof PERMISSIONS;

const ALL = Object.keys(PERMISSIONS) as Permission[];

/** The built-in roles; agencies add their own as any set of permissions. */
export const BUILT_IN_ROLES: Record<string, { name: string; permissions: Permission[] }> = {
	super_admin: { name: 'Super Admin', permissions: ALL },
	admin: { name: 'Admin', permissions: ALL },
	manager: { name: 'Manager', permissions: ['clients.read', 'impersonate', 'impersonate.act', 'team.read'] },
	assignee: { name: 'Assignee', permissions: ['clients.read'] }
};

/** A role's set, with what was granted to or withdrawn from this one staff member. Withdrawing wins. */
export function effectivePermissions(
	role: readonly string[],
	granted: readonly string[],
	withdrawn: readonly string[]
): ReadonlySet<Permission> {
	const held = ALL.filter((p) => (role.includes(p) || granted.includes(p)) && !withdrawn.includes(p));
	return new Set(held);
}
