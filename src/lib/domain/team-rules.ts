// Who may change what of whom in the team, pure: nobody hands out, takes away or stands above what they do not hold
// themselves. Whether somebody may manage the team at all is the permission `team.manage`, asked by the gate.
import { effectivePermissions, type Permission } from './permissions.ts';

/** The role that is fixed: it always holds everything, and only its holders hand it out or take it away. */
export const SUPER_ADMIN = 'super_admin';

export type RoleRights = { key: string; permissions: readonly string[] };
export type Person = {
	staffId: string;
	role: RoleRights;
	granted: readonly string[];
	withdrawn: readonly string[];
	active: boolean;
};

export type TeamDecision = { allowed: true } | { allowed: false; sentence: string };

const YES: TeamDecision = { allowed: true };
const no = (sentence: string): TeamDecision => ({ allowed: false, sentence });

export const isSuperAdmin = (person: Pick<Person, 'role'>): boolean => person.role.key === SUPER_ADMIN;

export const heldBy = ({ role, granted, withdrawn }: Omit<Person, 'staffId' | 'active'>) =>
	effectivePermissions(role.permissions, granted, withdrawn);

const missing = (held: ReadonlySet<Permission>, wanted: Iterable<string>): boolean =>
	[...wanted].some((permission) => !held.has(permission as Permission));

/** Whether `me` may touch `other` at all: never themselves, never somebody who holds more. */
export function mayManage(me: Person, other: Person): TeamDecision {
	if (me.staffId === other.staffId)
		return no('Nobody changes their own role or rights. Ask a colleague to do it.');
	if (isSuperAdmin(other) && !isSuperAdmin(me)) return no('Only a Super Admin changes a Super Admin.');
	if (missing(heldBy(me), heldBy(other)))
		return no('This person may do more than you, so you cannot change what they may do.');
	return YES;
}

/** Whether `me` may hand out a role: what it holds, `me` must hold. */
export function mayGiveRole(me: Person, role: RoleRights): TeamDecision {
	if (role.key === SUPER_ADMIN && !isSuperAdmin(me)) return no('Only a Super Admin makes a Super Admin.');
	if (missing(heldBy(me), role.permissions))
		return no('This role includes something that you may not do yourself, so you cannot give it.');
	return YES;
}

export type Exceptions = { granted: readonly Permission[]; withdrawn: readonly Permission[] };

/** Whether `me` may set what one person holds beside their role. */
export function maySetExceptions(me: Person, other: Person, wanted: Exceptions): TeamDecision {
	const manage = mayManage(me, other);
	if (!manage.allowed) return manage;
	if (isSuperAdmin(other))
		return no('A Super Admin always holds every permission. Give another role first, then take things away.');
	const before = heldBy(other);
	const after = heldBy({ ...other, ...wanted });
	const added = [...after].filter((permission) => !before.has(permission));
	// Also what takes effect only with a later role must not be hidden in here.
	const newlyGranted = wanted.granted.filter((permission) => !other.granted.includes(permission));
	if (missing(heldBy(me), [...added, ...newlyGranted]))
		return no('You can only grant what you may do yourself.');
	return YES;
}

/**
 * Whether `me` may set the permissions of a role that `holders` have, or remove it (`wanted` empty).
 * Attack: what nobody may take from one person who holds more is taken from their whole role.
 */
export function mayEditRole(
	me: Person,
	role: RoleRights & { holders: readonly Person[] },
	wanted: readonly Permission[]
): TeamDecision {
	if (role.key === SUPER_ADMIN) return no('The role Super Admin is fixed: it always holds every permission.');
	if (role.key === me.role.key)
		return no('This is your own role, and nobody changes what they may do themselves. Ask a colleague.');
	if (missing(heldBy(me), [...role.permissions, ...wanted]))
		return no('This role includes something that you may not do yourself, so you cannot change it.');
	const isLess = role.permissions.some((held) => !wanted.includes(held as Permission));
	if (isLess && role.holders.some((holder) => !mayManage(me, holder).allowed))
		return no('Somebody who holds this role may do more than you, so you cannot take anything out of it.');
	return YES;
}

/** Taking this person out, or their role away, must leave somebody who may do everything. */
export function mayLeaveSuperAdmin(other: Person, activeSuperAdmins: number): TeamDecision {
	if (isSuperAdmin(other) && other.active && activeSuperAdmins <= 1)
		return no('This is the last active Super Admin. Make somebody else one first.');
	return YES;
}

/** The permissions by which people who see one matrix find out why: from the role, granted, withdrawn, or not at all. */
export type HeldBecause = 'role' | 'granted' | 'withdrawn' | 'none';

export function heldBecause(person: Omit<Person, 'staffId' | 'active'>, permission: Permission): HeldBecause {
	if (person.withdrawn.includes(permission)) return 'withdrawn';
	if (person.role.permissions.includes(permission)) return 'role';
	return person.granted.includes(permission) ? 'granted' : 'none';
}
