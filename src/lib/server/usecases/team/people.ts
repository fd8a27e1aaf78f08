// The people of an agency as the rules of the team see them, read under one lock: two changes of one team never pass
// each other, so that nobody uses a right that is being taken away, and the last Super Admin stays.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type AgencyId, type RoleId, type StaffId } from '#domain/ids.ts';
import { heldBy, SUPER_ADMIN, type Person, type TeamDecision } from '#domain/team-rules.ts';
import type { Reader, Tx } from '#server/db/types.ts';

export type Member = Person & {
	staffId: StaffId;
	name: string;
	email: string;
	role: Person['role'] & { id: RoleId; name: string; builtIn: boolean };
	/** Invited, and no password chosen yet. */
	pending: boolean;
};

const MEMBER = sql`s.id AS "staffId", s.name, s.email, s.active, s.granted, s.withdrawn,
	json_build_object('id', r.id, 'key', r.key, 'name', r.name, 'builtIn', r.built_in, 'permissions', r.permissions) AS role,
	NOT EXISTS (SELECT FROM staff_account x WHERE x.user_id = s.id) AS pending`;

/** All of an agency, or those that match; by name. */
export async function readMembers(
	reader: Reader,
	agencyId: AgencyId,
	filter: SQL = sql`true`
): Promise<Member[]> {
	const rows = await reader.execute<Member>(sql`SELECT ${MEMBER} FROM staff s JOIN role r ON r.id = s.role_id
		WHERE s.agency_id = ${agencyId} AND ${filter} ORDER BY lower(s.name), s.id`);
	return [...rows];
}

/** @throws AppError `not_found` for another agency's too */
export async function readMember(reader: Reader, agencyId: AgencyId, staffId: string): Promise<Member> {
	const [member] = isUuid(staffId) ? await readMembers(reader, agencyId, sql`s.id = ${staffId}`) : [];
	if (!member) throw new AppError('not_found', 'There is no such staff member.');
	return member;
}

export type TeamRole = { id: RoleId; key: string; name: string; builtIn: boolean; permissions: string[] };

/** @throws AppError `not_found`; forged role ids of another agency look like none at all */
export async function readRole(reader: Reader, agencyId: AgencyId, roleId: string): Promise<TeamRole> {
	const [role] = isUuid(roleId)
		? await reader.execute<TeamRole>(sql`SELECT id, key, name, built_in AS "builtIn", permissions FROM role
			WHERE id = ${roleId} AND agency_id = ${agencyId}`)
		: [];
	if (!role) throw new AppError('not_found', 'There is no such role.', { field: 'roleId' });
	return role;
}

/**
 * Begins a change of the team: waits for any other one, then reads the actor anew.
 * @throws AppError `not_allowed` when their right was taken away while they waited
 */
export async function beginTeamChange(tx: Tx, actor: StaffActor): Promise<Member> {
	// Weaker than what foreign keys take: only other changes of this team wait, nobody's work does.
	await tx.execute(sql`SELECT FROM agency WHERE id = ${actor.agencyId} FOR NO KEY UPDATE`);
	const me = await readMember(tx, actor.agencyId, actor.staffId);
	if (!me.active || !heldBy(me).has('team.manage'))
		throw new AppError('not_allowed', 'Your role does not include this.');
	return me;
}

/** @throws AppError `not_allowed` with the rule's own sentence (logged: it is an attempt at more than one may) */
export function requireRule(decision: TeamDecision): void {
	if (!decision.allowed) throw new AppError('not_allowed', decision.sentence);
}

/** Who has not come yet cannot be the one who is left. */
export const present = (member: Member): Member => ({ ...member, active: member.active && !member.pending });

/** Those who can sign in. */
export async function countSuperAdmins(tx: Tx, agencyId: AgencyId): Promise<number> {
	const [row] = await tx.execute<{
		n: number;
	}>(sql`SELECT count(*)::int AS n FROM staff s JOIN role r ON r.id = s.role_id
		WHERE s.agency_id = ${agencyId} AND s.active AND r.key = ${SUPER_ADMIN}
			AND EXISTS (SELECT FROM staff_account x WHERE x.user_id = s.id)`);
	return row?.n ?? 0;
}

/** SQL: a list of texts as an array, since the driver's own arrays lose their type through Drizzle. */
export const texts = (list: readonly string[]): SQL =>
	sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(list)}::jsonb))`;
