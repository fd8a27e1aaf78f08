// One staff member, the roles, and everybody's permissions in one table, as the pages of the team show them. What the
// reader may change is decided by the same rules that the change itself asks.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { PERMISSIONS, type Permission } from '#domain/permissions.ts';
import {
	heldBecause,
	heldBy,
	mayEditRole,
	mayGiveRole,
	mayManage,
	SUPER_ADMIN,
	type HeldBecause,
	type TeamDecision
} from '#domain/team-rules.ts';
import type { Db } from '#server/db/types.ts';
import { ms, requireReader } from '../agency/require-reader.ts';
import { readMember, readMembers, type Member, type TeamRole } from './people.ts';

const ALL = Object.keys(PERMISSIONS) as Permission[];
const sentenceOf = (decision: TeamDecision): string | null => (decision.allowed ? null : decision.sentence);
const CANNOT = 'Your role does not include changing the team.';

type Because = Record<Permission, HeldBecause>;
const becauseOf = (member: Member): Because =>
	Object.fromEntries(ALL.map((permission) => [permission, heldBecause(member, permission)])) as Because;

export type ShownMember = Omit<Member, 'granted' | 'withdrawn'> & {
	because: Because;
	createdAt: number;
	clients: number;
	sessions: number;
	lastSeenAt: number | null;
	invitedUntil: number | null;
	/** The running impersonation, for those who may watch it. */
	insideId: string | null;
	/** Why the reader cannot change this person, or null. */
	refusal: string | null;
	/** The roles the reader may give; the person's own is always among them. */
	roles: { id: string; name: string }[];
	/** What the reader holds, and so may grant. */
	mine: Permission[];
};

type Side = Pick<
	ShownMember,
	'createdAt' | 'clients' | 'sessions' | 'lastSeenAt' | 'invitedUntil' | 'insideId'
>;

const readSide = (db: Db, staffId: string) =>
	db.execute<Side>(sql`SELECT ${ms('s.created_at')} AS "createdAt",
		(SELECT count(*)::int FROM client_assignment x WHERE x.staff_id = s.id) AS clients,
		(SELECT count(*)::int FROM staff_session t WHERE t.user_id = s.id AND t.expires_at > clock_timestamp()) AS sessions,
		(SELECT ${ms('max(t.updated_at)')} FROM staff_session t WHERE t.user_id = s.id) AS "lastSeenAt",
		(SELECT ${ms('max(v.expires_at)')} FROM invitation v WHERE v.staff_id = s.id AND v.used_at IS NULL
			AND v.expires_at > clock_timestamp()) AS "invitedUntil",
		(SELECT i.id FROM impersonation i WHERE i.staff_id = s.id AND i.state = 'active') AS "insideId"
		FROM staff s WHERE s.id = ${staffId}`);

const rolesOf = (db: Db, actor: StaffActor) =>
	db.execute<TeamRole & { people: number }>(sql`
		SELECT r.id, r.key, r.name, r.built_in AS "builtIn", r.permissions,
			(SELECT count(*)::int FROM staff s WHERE s.role_id = r.id AND s.active) AS people
		FROM role r WHERE r.agency_id = ${actor.agencyId}
		ORDER BY r.built_in DESC, r.key <> ${SUPER_ADMIN}, cardinality(r.permissions) DESC, lower(r.name)`);

/** @throws AppError `not_found` for another agency's too, `not_allowed` without `team.read` */
export const readStaffMember =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, staffId: string): Promise<ShownMember> => {
		const standing = await requireReader(db, actor, 'team.read');
		const [member, me, roles] = await Promise.all([
			readMember(db, actor.agencyId, staffId),
			readMember(db, actor.agencyId, actor.staffId),
			rolesOf(db, actor)
		]);
		const [side] = await readSide(db, member.staffId);
		const { granted: _granted, withdrawn: _withdrawn, ...shown } = member;
		const mayChange = standing.permissions.has('team.manage');
		return {
			...shown,
			createdAt: side?.createdAt ?? 0,
			clients: side?.clients ?? 0,
			sessions: side?.sessions ?? 0,
			lastSeenAt: side?.lastSeenAt ?? null,
			invitedUntil: side?.invitedUntil ?? null,
			insideId: standing.permissions.has('supervise') ? (side?.insideId ?? null) : null,
			because: becauseOf(member),
			refusal: mayChange ? sentenceOf(mayManage(me, member)) : CANNOT,
			roles: roles
				.filter((role) => role.id === member.role.id || mayGiveRole(me, role).allowed)
				.map(({ id, name }) => ({ id, name })),
			mine: [...heldBy(me)]
		};
	};

export type ShownRole = {
	id: string;
	name: string;
	builtIn: boolean;
	permissions: Permission[];
	people: number;
	/** Why the reader cannot change it, or null. */
	refusal: string | null;
	mayGive: boolean;
};
export type ShownMatrix = {
	roles: ShownRole[];
	people: { id: string; name: string; role: string; active: boolean; because: Because }[];
	mine: Permission[];
};

export const ROLE_SORTS = ['name', '-name', 'people', '-people', 'permissions', '-permissions'] as const;
/** `usual`: the built-in roles by what they may, then the agency's own. */
export type RoleSort = 'usual' | (typeof ROLE_SORTS)[number];

const BY: Record<string, (a: ShownRole, b: ShownRole) => number> = {
	name: (a, b) => a.name.localeCompare(b.name, 'en'),
	people: (a, b) => a.people - b.people,
	permissions: (a, b) => a.permissions.length - b.permissions.length
};

/** All roles stand on one page: an agency has a handful. */
function inOrder(roles: ShownRole[], sort: RoleSort): ShownRole[] {
	const by = BY[sort.replace('-', '')];
	if (!by) return roles;
	return roles.toSorted((a, b) => (sort.startsWith('-') ? by(b, a) : by(a, b)));
}

/** Every role and everybody's permissions with where they come from. @throws AppError `not_allowed` without `team.read` */
export const readRoles =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, sort: RoleSort = 'usual'): Promise<ShownMatrix> => {
		const standing = await requireReader(db, actor, 'team.read');
		const [roles, members] = await Promise.all([rolesOf(db, actor), readMembers(db, actor.agencyId)]);
		const me = members.find((member) => member.staffId === actor.staffId);
		const mayChange = standing.permissions.has('team.manage') && me !== undefined;
		const shown = roles.map(({ permissions, key, ...role }) => ({
			...role,
			permissions: ALL.filter((permission) => permissions.includes(permission)),
			refusal: mayChange ? sentenceOf(mayEditRole(me, { key, permissions, holders: [] }, [])) : CANNOT,
			mayGive: mayChange && mayGiveRole(me, { key, permissions }).allowed
		}));
		const people = members
			.toSorted((a, b) => Number(b.active) - Number(a.active))
			.map((member) => ({
				id: member.staffId,
				name: member.name,
				role: member.role.name,
				active: member.active,
				because: becauseOf(member)
			}));
		return { roles: inOrder(shown, sort), people, mine: me ? [...heldBy(me)] : [] };
	};

/** One role. @throws AppError `not_found` for another agency's too, `not_allowed` without `team.read` */
export const readOneRole =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, roleId: string): Promise<{ role: ShownRole; mine: Permission[] }> => {
		const { roles, mine } = await readRoles({ db })(actor);
		const role = roles.find(({ id }) => id === roleId);
		if (!role) throw new AppError('not_found', 'There is no such role.');
		return { role, mine };
	};
