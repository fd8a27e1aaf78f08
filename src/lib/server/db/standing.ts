// What an actor may do at this moment, read from rows inside the change's own transaction. Decisions are domain's.
import { sql } from 'drizzle-orm';
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import type { Actor, ClientActor, ImpersonationActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { mayDoNow, type Standing } from '#domain/impersonation.ts';
import { effectivePermissions, type Permission } from '#domain/permissions.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import { mayAct, mayImpersonate, policySchema, type Policy } from '#domain/policy.ts';
import { decide, type PortalSetup, type PortalView } from '#domain/visibility.ts';
import { LEASE_MS } from '#protocol/limits.ts';
import { CONSENT_COLUMNS, consentOf } from './consent.ts';
import { GRACE_SECONDS } from './control-grace.ts';
import { needsSecond, readLocked } from './second-person.ts';
import type { Reader, Tx } from './types.ts';

export type StaffStanding = { permissions: ReadonlySet<Permission>; name: string; active: boolean };

/** A staff member's rights now, or null when not active, signed out, or not of this agency. */
export async function readStaff(reader: Reader, actor: StaffActor): Promise<StaffStanding | null> {
	const [row] = await reader.execute<{
		name: string;
		role: string[];
		granted: string[];
		withdrawn: string[];
	}>(sql`SELECT s.name, r.permissions AS role, s.granted, s.withdrawn FROM staff s
		JOIN role r ON r.id = s.role_id
		JOIN staff_session t ON t.user_id = s.id AND t.id = ${actor.sessionId} AND t.expires_at > clock_timestamp()
		WHERE s.id = ${actor.staffId} AND s.agency_id = ${actor.agencyId} AND s.active`);
	if (!row) return null;
	return {
		name: row.name,
		active: true,
		permissions: effectivePermissions(row.role, row.granted, row.withdrawn)
	};
}

type PortalRow = {
	agency_setup: PortalSetup;
	client_setup: PortalSetup;
	is_owner: boolean;
	rights: string[];
	active: boolean;
	status: 'active' | 'inactive' | 'archived';
};

/** What a contact sees of the portal now, or null when the contact or the client is not active. */
export async function readPortalView(
	reader: Reader,
	who: Pick<ClientActor, 'agencyId' | 'clientId' | 'contactId'> & { impersonationId?: ImpersonationId }
): Promise<PortalView | null> {
	// Asked together: nothing is closed to the client, and to whoever is inside only what wants a second person.
	const { agencyId, impersonationId } = who;
	const locked = impersonationId ? readLocked(reader, { agencyId, impersonationId }) : [];
	const rows = reader.execute<PortalRow>(sql`
		SELECT a.portal_setup AS agency_setup, c.portal_setup AS client_setup, k.is_owner, k.rights, k.active, c.status
		FROM contact k JOIN client c ON c.id = k.client_id JOIN agency a ON a.id = c.agency_id
		WHERE k.id = ${who.contactId} AND c.id = ${who.clientId} AND a.id = ${who.agencyId}`);
	const [[row], closed] = await Promise.all([rows, locked]);
	if (!row?.active || row.status !== 'active') return null;
	return {
		agency: row.agency_setup,
		client: row.client_setup,
		contact: { isOwner: row.is_owner, rights: row.rights },
		...(closed.length > 0 && { locked: closed })
	};
}

/** The agency's own, shorter lease where it set one; never more than the 15 s of product.md §Rules. */
const LEASE_SECONDS = sql`LEAST(COALESCE((a.policy ->> 'leaseSeconds')::int, ${LEASE_MS / 1000}), ${LEASE_MS / 1000})`;

/** Who has control, or had it a moment ago. */
export type Steered = NonNullable<Standing['steered']>;

type SteeredRow = {
	staffId: string;
	name: string;
	active: boolean;
	role: string[];
	granted: string[];
	withdrawn: string[];
	isAssigned: boolean;
	isOrdered: boolean;
};

/** What somebody set off by an order of theirs reaches the gate within this; a field that saves itself waits a second or two. */
const ORDER_COUNTS_SECONDS = 5;

/**
 * A look-up of its own, as nearly nobody has control: joined, it would cost every change. Attack (`isOrdered`): whoever is inside acts by
 * script, from a tab that does not know of the control, or right after it was given back, and the log would name the holder for it. After
 * the end an order counts for one of the three seconds, and for none once it was taken back (`takeControlBack` forgets it).
 */
const steeredOn = (
	pageId: string | null
) => sql`(SELECT jsonb_build_object('staffId', y.id, 'name', y.name, 'role', z.permissions, 'granted', y.granted,
		'withdrawn', y.withdrawn, 'isAssigned',
		EXISTS (SELECT FROM client_assignment u WHERE u.client_id = i.client_id AND u.staff_id = y.id), 'active',
		y.active AND EXISTS (SELECT FROM staff_session t WHERE t.id = o.staff_session_id AND t.expires_at > clock_timestamp()),
		'isOrdered', COALESCE(o.ordered_page = ${pageId}::uuid
			AND o.ordered_at > clock_timestamp() - make_interval(secs => ${ORDER_COUNTS_SECONDS})
			AND (o.state = 'held' OR o.until > clock_timestamp() + make_interval(secs => ${GRACE_SECONDS - 1})), false))
	FROM control o JOIN staff y ON y.id = o.staff_id JOIN role z ON z.id = y.role_id
	WHERE o.impersonation_id = i.id AND o.state <> 'asked' AND o.until > clock_timestamp())`;

type StandingRow = {
	state: 'pending' | 'active' | 'ended';
	mode: Mode;
	overdue: boolean;
	frozen_at: Date | null;
	freeze_note: string | null;
	frozen_by: string | null;
	view_only_by: string | null;
	steered: SteeredRow | null;
	policy: unknown;
	staff_active: boolean;
	role: string[];
	granted: string[];
	withdrawn: string[];
	is_assigned: boolean;
	session_alive: boolean;
	contact_active: boolean;
	contact_name: string;
	client_name: string;
	client_status: 'active' | 'inactive' | 'archived';
	opted_out: boolean;
	requires_grant: boolean;
	has_grant: boolean;
	page_recorded: boolean | null;
};

/**
 * Reads an impersonation's standing. With `lock` its row is held FOR SHARE, so that a freeze or an end, which update
 * that row, wait for this change or come before it, and can never be overtaken.
 */
export async function readStanding(
	reader: Reader,
	actor: ImpersonationActor,
	lock: boolean
): Promise<Standing> {
	const [row] = await reader.execute<StandingRow>(sql`
		SELECT i.state, i.mode, i.frozen_at, i.freeze_note, f.name AS frozen_by, a.policy,
			(SELECT v.name FROM staff v WHERE v.id = i.view_only_by) AS view_only_by, ${steeredOn(actor.pageId)} AS steered,
			clock_timestamp() >= i.expires_at
				OR clock_timestamp() >= p.last_activity_at + make_interval(secs => i.idle_limit_ms / 1000.0) AS overdue,
			s.active AS staff_active, r.permissions AS role, s.granted, s.withdrawn,
			EXISTS (SELECT FROM client_assignment x WHERE x.client_id = i.client_id AND x.staff_id = i.staff_id) AS is_assigned,
			EXISTS (SELECT FROM staff_session t WHERE t.id = i.staff_session_id AND t.user_id = i.staff_id
				AND t.expires_at > clock_timestamp()) AS session_alive,
			k.active AS contact_active, k.name AS contact_name, c.name AS client_name, c.status AS client_status, ${CONSENT_COLUMNS},
			(SELECT g.snapshot_at IS NOT NULL AND g.last_beat_at > clock_timestamp() - make_interval(secs => ${LEASE_SECONDS})
				FROM page g WHERE g.id = ${actor.pageId} AND g.impersonation_id = i.id) AS page_recorded
		FROM impersonation i
		JOIN agency a ON a.id = i.agency_id JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		JOIN staff s ON s.id = i.staff_id JOIN role r ON r.id = s.role_id
		JOIN impersonation_pulse p ON p.impersonation_id = i.id LEFT JOIN staff f ON f.id = i.frozen_by
		WHERE i.id = ${actor.impersonationId} AND i.agency_id = ${actor.agencyId} AND i.contact_id = ${actor.contactId}
		${lock ? sql`FOR SHARE OF i` : sql``}`);
	if (!row) throw new AppError('impersonation_over', 'This impersonation is over.');
	return toStanding(row);
}

function toStanding(row: StandingRow): Standing {
	const policy = policySchema.parse(row.policy);
	const permissions = effectivePermissions(row.role, row.granted, row.withdrawn);
	const may = mayImpersonate({
		permissions,
		policy,
		mode: 'view',
		isAssigned: row.is_assigned,
		client: { status: row.client_status, name: row.client_name, ...consentOf(row) },
		contact: { active: row.contact_active, name: row.contact_name }
	});
	return {
		ended: row.state !== 'active',
		overdue: row.overdue,
		frozen: row.frozen_at ? { note: row.freeze_note ?? '', by: row.frozen_by ?? 'a supervisor' } : null,
		viewOnlyBy: row.view_only_by,
		steered: row.steered && toSteered(row.steered, policy),
		mode: row.mode,
		staffMayStay: row.staff_active && row.session_alive && may.allowed,
		staffMayAct: mayAct(policy, permissions),
		draftsSensitive: policy.draftSensitive,
		pageRecorded: row.page_recorded === true
	};
}

/**
 * What the holder of control may do by it: what both may, never a union. Taking it is part of `supervise`; it reaches the clients that they
 * reach. Attack: a role that was never given `impersonate.act` changes things by the hand of somebody whose role was.
 */
function toSteered(row: SteeredRow, policy: Policy): Steered {
	const { staffId, name, active, isAssigned, isOrdered, ...rights } = row;
	const held = effectivePermissions(rights.role, rights.granted, rights.withdrawn);
	const reaches = held.has('clients.read') && (!policy.assignedOnly || held.has('clients.all') || isAssigned);
	const mayStay = active && held.has('supervise') && reaches;
	const isWithdrawn = rights.withdrawn.includes('impersonate');
	return { staffId, name, mayStay, mayAct: mayStay && !isWithdrawn && mayAct(policy, held), isOrdered };
}

/** What the contact may do, and what waits for a second person. @throws AppError `not_allowed`, `second_person` */
export function requirePortal(view: PortalView | null, action: ActionName): void {
	const { element } = ACTIONS[action];
	if (!view) throw new AppError('not_allowed', 'This account is not active.');
	// Deny by default: what names no element of the portal is nobody's to do there.
	const decision = element && decide(element, view);
	if (decision && !decision.allowed && decision.needsSecond) throw needsSecond(decision.needsSecond);
	if (!decision?.allowed) throw new AppError('not_allowed', 'This account may not do that.');
	if (view.locked?.includes(action)) throw needsSecond(action);
}

async function requirePortalRight(
	tx: Tx,
	actor: ClientActor | ImpersonationActor,
	action: ActionName,
	learn: (by: Steered | null) => void
): Promise<Steered | null> {
	// Asked together, and answered in this order: one way to the database instead of two.
	const standing = actor.kind === 'impersonation' ? readStanding(tx, actor, true) : null;
	const view = readPortalView(tx, actor);
	// Both are awaited whatever becomes of the first: nothing of it may still run when the transaction ends.
	const answers = await Promise.allSettled([standing, view]);
	for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
	const found = await standing;
	if (found) {
		learn(found.steered);
		const verdict = mayDoNow(ACTIONS[action], found);
		// Attack: what waits for a second person is prepared for the client instead, with nobody watching and nobody called.
		if (!verdict.allowed && verdict.code === 'needs_approval') requirePortal(await view, action);
		if (!verdict.allowed) throw new AppError(verdict.code, verdict.sentence);
	}
	requirePortal(await view, action);
	return found?.steered ?? null;
}

async function requireStaffRight(tx: Tx, actor: StaffActor, action: ActionName): Promise<void> {
	const entry = ACTIONS[action];
	if (!entry.permission) {
		// Without a permission stand only ways out, which must work even for those who just lost every right.
		if (entry.kind === 'control') return;
		throw new AppError('not_allowed', 'Staff do this in the portal, impersonating a contact.');
	}
	const standing = await readStaff(tx, actor);
	if (!standing?.permissions.has(entry.permission))
		throw new AppError('not_allowed', 'Your role does not include this.');
}

/**
 * Throws the refusal, or returns when the actor may do this now, with who has control of the page it comes from; `learn` is told of
 * them before a refusal, too. Deny by default: an unknown case refuses.
 */
export async function requireRight(
	tx: Tx,
	actor: Actor,
	action: ActionName,
	learn: (by: Steered | null) => void
): Promise<Steered | null> {
	const entry = ACTIONS[action];
	if (actor.kind === 'system') {
		if (entry.kind !== 'control' && !entry.bySystem)
			throw new AppError('not_allowed', 'The system does not do this.');
		return null;
	}
	if (actor.kind === 'staff') {
		await requireStaffRight(tx, actor, action);
		return null;
	}
	if (entry.kind === 'control') {
		if (actor.kind === 'client') throw new AppError('not_allowed', 'Only staff can do this.');
		return null;
	}
	return requirePortalRight(tx, actor, action, learn);
}
