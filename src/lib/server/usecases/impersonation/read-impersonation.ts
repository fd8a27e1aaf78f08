// From the impersonation cookie to who is inside, and what the banner says. Read anew at every request.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import { mayAct, policySchema } from '#domain/policy.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { readStanding } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';

/** What the banner and the end page need; times in ms since the epoch of the database's clock. */
export type Inside = {
	actor: ImpersonationActor;
	staff: { id: StaffId; name: string };
	contact: { id: ContactId; name: string };
	client: { id: ClientId; name: string };
	agency: { id: AgencyId; name: string };
	mode: Mode;
	mayAct: boolean;
	reason: Reason;
	ticket: string | null;
	now: number;
	expiresAt: number;
	idleLimitMs: number;
	frozen: { note: string; by: string } | null;
	watchers: { staffId: StaffId; name: string }[];
	/** Why it is over, or null while it runs. */
	over: EndReason | null;
	endedByName: string | null;
};

type Row = {
	id: ImpersonationId;
	agency_id: AgencyId;
	agency_name: string;
	policy: unknown;
	client_id: ClientId;
	client_name: string;
	contact_id: ContactId;
	contact_name: string;
	staff_id: StaffId;
	staff_name: string;
	role: string[];
	granted: string[];
	withdrawn: string[];
	session_alive: boolean;
	state: 'pending' | 'active' | 'ended';
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	now_ms: string;
	expires_ms: string;
	past_limit: boolean;
	idle_limit_ms: number;
	end_reason: EndReason | null;
	ended_by_name: string | null;
	watchers: { staffId: StaffId; name: string }[] | null;
};

const select = (where: ReturnType<typeof sql>) => sql`
	SELECT i.id, i.agency_id, a.name AS agency_name, a.policy, i.client_id, c.name AS client_name, i.contact_id,
		k.name AS contact_name, i.staff_id, s.name AS staff_name, r.permissions AS role, s.granted, s.withdrawn,
		EXISTS (SELECT FROM staff_session t WHERE t.id = i.staff_session_id AND t.expires_at > clock_timestamp()) AS session_alive,
		i.state, i.mode, i.reason, i.ticket, i.idle_limit_ms, i.end_reason, e.name AS ended_by_name,
		(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
		(extract(epoch FROM i.expires_at) * 1000)::bigint AS expires_ms, clock_timestamp() >= i.expires_at AS past_limit,
		(SELECT json_agg(DISTINCT jsonb_build_object('staffId', w.staff_id, 'name', ws.name))::text::json FROM watch w
			JOIN staff ws ON ws.id = w.staff_id WHERE w.impersonation_id = i.id AND w.left_at IS NULL) AS watchers
	FROM impersonation i JOIN agency a ON a.id = i.agency_id JOIN client c ON c.id = i.client_id
	JOIN contact k ON k.id = i.contact_id JOIN staff s ON s.id = i.staff_id JOIN role r ON r.id = s.role_id
	LEFT JOIN staff e ON e.id = i.ended_by WHERE ${where}`;

/** Why an impersonation that nobody has ended yet is over all the same. */
function dueReason(row: Row, standing: { staffMayStay: boolean; overdue: boolean }): EndReason | null {
	if (row.past_limit) return 'limit';
	if (standing.overdue) return 'idle';
	if (!row.session_alive) return 'signed_out';
	return standing.staffMayStay ? null : 'lost_right';
}

async function toInside(db: Db, row: Row): Promise<Inside> {
	const actor: ImpersonationActor = {
		kind: 'impersonation',
		agencyId: row.agency_id,
		clientId: row.client_id,
		contactId: row.contact_id,
		impersonationId: row.id,
		act: { staffId: row.staff_id },
		pageId: null
	};
	const standing = await readStanding(db, actor, false);
	const policy = policySchema.parse(row.policy);
	return {
		actor,
		staff: { id: row.staff_id, name: row.staff_name },
		contact: { id: row.contact_id, name: row.contact_name },
		client: { id: row.client_id, name: row.client_name },
		agency: { id: row.agency_id, name: row.agency_name },
		mode: row.mode,
		mayAct: mayAct(policy, effectivePermissions(row.role, row.granted, row.withdrawn)),
		reason: row.reason,
		ticket: row.ticket,
		now: Number(row.now_ms),
		expiresAt: Number(row.expires_ms),
		idleLimitMs: row.idle_limit_ms,
		frozen: standing.frozen,
		watchers: policy.showWatchers ? (row.watchers ?? []) : [],
		over: row.state === 'ended' ? (row.end_reason ?? 'limit') : dueReason(row, standing),
		endedByName: row.ended_by_name
	};
}

/** Who the holder of this cookie's token is inside as, or null when no impersonation ever had it. */
export const readImpersonation =
	(deps: { db: Db }) =>
	async (token: string): Promise<Inside | null> => {
		const [row] = await deps.db.execute<Row>(select(sql`i.token_hash = ${hashSecret(token)}`));
		return row ? toInside(deps.db, row) : null;
	};

/** The same by id, for the agency side and the sweep. */
export const readImpersonationById =
	(deps: { db: Db }) =>
	async (agencyId: AgencyId, id: ImpersonationId): Promise<Inside | null> => {
		const [row] = await deps.db.execute<Row>(select(sql`i.id = ${id} AND i.agency_id = ${agencyId}`));
		return row ? toInside(deps.db, row) : null;
	};
