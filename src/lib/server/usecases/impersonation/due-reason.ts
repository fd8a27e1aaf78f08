// Why an impersonation that still runs must end now: the one place that the hub's sweep, the worker's and a new start ask.
// Times are compared by the database, so that its clock alone decides; what the roles and the policy say, by the domain.
import { sql } from 'drizzle-orm';
import type { EndReason } from '#domain/impersonation.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { mayImpersonate, policySchema } from '#domain/policy.ts';
import { CONSENT_COLUMNS, consentOf } from '#server/db/consent.ts';
import { SILENT_LIMIT_MS } from '#protocol/limits.ts';

/** What `dueReason` asks of one row, besides `DUE_COLUMNS` nothing. */
export type DueRow = {
	is_pending: boolean;
	code_is_late: boolean;
	past_limit: boolean;
	past_idle: boolean;
	session_alive: boolean;
	silent: boolean;
	policy: unknown;
	staff_active: boolean;
	role: string[];
	granted: string[];
	withdrawn: string[];
	is_assigned: boolean;
	client: string;
	client_status: 'active' | 'inactive' | 'archived';
	opted_out: boolean;
	requires_grant: boolean;
	has_grant: boolean;
	contact: string;
	contact_active: boolean;
};

/** The columns of a `DueRow`, over `DUE_TABLES`. */
export const DUE_COLUMNS = sql`i.state = 'pending' AS is_pending, i.code_expires_at <= clock_timestamp() AS code_is_late,
	i.expires_at <= clock_timestamp() AS past_limit,
	p.last_activity_at + make_interval(secs => i.idle_limit_ms / 1000.0) <= clock_timestamp() AS past_idle,
	EXISTS (SELECT FROM staff_session t WHERE t.id = i.staff_session_id AND t.user_id = i.staff_id
		AND t.expires_at > clock_timestamp()) AS session_alive,
	GREATEST(i.started_at, (SELECT max(g.last_beat_at) FROM page g WHERE g.impersonation_id = i.id))
		+ make_interval(secs => ${SILENT_LIMIT_MS / 1000}) <= clock_timestamp() AS silent,
	a.policy, s.active AS staff_active, r.permissions AS role, s.granted, s.withdrawn,
	EXISTS (SELECT FROM client_assignment x WHERE x.client_id = i.client_id AND x.staff_id = i.staff_id) AS is_assigned,
	c.name AS client, c.status AS client_status, ${CONSENT_COLUMNS}, k.name AS contact, k.active AS contact_active`;

export const DUE_TABLES = sql`impersonation i JOIN agency a ON a.id = i.agency_id JOIN client c ON c.id = i.client_id
	JOIN contact k ON k.id = i.contact_id JOIN staff s ON s.id = i.staff_id JOIN role r ON r.id = s.role_id
	JOIN impersonation_pulse p ON p.impersonation_id = i.id`;

function mayStay(row: DueRow): boolean {
	const may = mayImpersonate({
		permissions: effectivePermissions(row.role, row.granted, row.withdrawn),
		policy: policySchema.parse(row.policy),
		mode: 'view',
		isAssigned: row.is_assigned,
		client: { status: row.client_status, name: row.client, ...consentOf(row) },
		contact: { active: row.contact_active, name: row.contact }
	});
	return row.staff_active && may.allowed;
}

/** The reason, or null while it may go on. One that was not entered yet ends with its code; entering asks for the rest. */
export function dueReason(row: DueRow): EndReason | null {
	if (row.is_pending) return row.code_is_late ? 'not_entered' : null;
	if (row.past_limit) return 'limit';
	if (row.past_idle) return 'idle';
	// Deactivating ends the sessions too; what they did not do themselves must not be said of them.
	if (!row.staff_active) return 'lost_right';
	if (!row.session_alive) return 'signed_out';
	if (!mayStay(row)) return 'lost_right';
	return row.silent ? 'recorder_silent' : null;
}
