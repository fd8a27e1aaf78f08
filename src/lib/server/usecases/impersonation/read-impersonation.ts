// From the impersonation cookie to who is inside, and what the banner says. Read anew at every request.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import { mayAct, policySchema } from '#domain/policy.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { lockedIn, ZONE_COLUMNS, type ZoneRow } from '#server/db/second-person.ts';
import type { Db } from '#server/db/types.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import type { ZonesInside } from './enter-zone.ts';
import { DUE_COLUMNS, DUE_TABLES, dueReason, type DueRow } from './due-reason.ts';

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
	/** The supervisor who allows nothing but looking. */
	viewOnlyBy: string | null;
	watchers: { staffId: StaffId; name: string }[];
	zones: ZonesInside;
	/** Why it is over, or null while it runs. */
	over: EndReason | null;
	endedByName: string | null;
};

type Row = DueRow &
	ZoneRow & {
		id: ImpersonationId;
		agency_id: AgencyId;
		agency_name: string;
		client_id: ClientId;
		contact_id: ContactId;
		staff_id: StaffId;
		staff_name: string;
		state: 'pending' | 'active' | 'ended';
		mode: Mode;
		reason: Reason;
		ticket: string | null;
		now_ms: string;
		expires_ms: string;
		idle_limit_ms: number;
		is_frozen: boolean;
		freeze_note: string | null;
		frozen_by_name: string | null;
		view_only_by: string | null;
		end_reason: EndReason | null;
		ended_by_name: string | null;
		watchers: { staffId: StaffId; name: string }[] | null;
		zone: string | null;
		is_calling: boolean;
	};

const select = (where: ReturnType<typeof sql>) => sql`
	SELECT i.id, i.agency_id, a.name AS agency_name, i.client_id, i.contact_id, s.name AS staff_name, i.state, i.mode,
		i.reason, i.ticket, i.idle_limit_ms, i.frozen_at IS NOT NULL AS is_frozen, i.freeze_note, f.name AS frozen_by_name,
		(SELECT v.name FROM staff v WHERE v.id = i.view_only_by) AS view_only_by,
		i.end_reason, e.name AS ended_by_name, ${DUE_COLUMNS}, ${ZONE_COLUMNS}, i.zone, i.hand_raised_at IS NOT NULL AS is_calling,
		(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
		(extract(epoch FROM i.expires_at) * 1000)::bigint AS expires_ms,
		(SELECT json_agg(DISTINCT jsonb_build_object('staffId', w.staff_id, 'name', ws.name))::text::json FROM watch w
			JOIN staff ws ON ws.id = w.staff_id WHERE w.impersonation_id = i.id AND w.left_at IS NULL) AS watchers
	FROM ${DUE_TABLES} LEFT JOIN staff e ON e.id = i.ended_by LEFT JOIN staff f ON f.id = i.frozen_by WHERE ${where}`;

function toInside(row: Row): Inside {
	const actor: ImpersonationActor = {
		kind: 'impersonation',
		agencyId: row.agency_id,
		clientId: row.client_id,
		contactId: row.contact_id,
		impersonationId: row.id,
		act: { staffId: row.staff_id },
		pageId: null
	};
	const policy = policySchema.parse(row.policy);
	const act = mayAct(policy, effectivePermissions(row.role, row.granted, row.withdrawn));
	return {
		actor,
		staff: { id: row.staff_id, name: row.staff_name },
		contact: { id: row.contact_id, name: row.contact },
		client: { id: row.client_id, name: row.client },
		agency: { id: row.agency_id, name: row.agency_name },
		// As the gate takes it: whoever lost the right meanwhile only looks, and must not read "Act" above the page.
		mode: act ? row.mode : 'view',
		mayAct: act,
		reason: row.reason,
		ticket: row.ticket,
		now: Number(row.now_ms),
		expiresAt: Number(row.expires_ms),
		idleLimitMs: row.idle_limit_ms,
		frozen: row.is_frozen ? { note: row.freeze_note ?? '', by: row.frozen_by_name ?? 'a supervisor' } : null,
		viewOnlyBy: row.view_only_by,
		watchers: policy.showWatchers ? (row.watchers ?? []) : [],
		zones: { marked: row.zones, locked: lockedIn(row), asked: row.zone, isCalling: row.is_calling },
		over: row.state === 'ended' ? (row.end_reason ?? 'limit') : dueReason(row),
		endedByName: row.ended_by_name
	};
}

/** Who the holder of this cookie's token is inside as, or null when no impersonation ever had it. */
export const readImpersonation =
	(deps: { db: Db }) =>
	async (token: string): Promise<Inside | null> => {
		const [row] = await deps.db.execute<Row>(select(sql`i.token_hash = ${hashSecret(token)}`));
		return row ? toInside(row) : null;
	};

/** The same by id, for the agency side and the sweep. */
export const readImpersonationById =
	(deps: { db: Db }) =>
	async (agencyId: AgencyId, id: ImpersonationId): Promise<Inside | null> => {
		const [row] = await deps.db.execute<Row>(select(sql`i.id = ${id} AND i.agency_id = ${agencyId}`));
		return row ? toInside(row) : null;
	};
