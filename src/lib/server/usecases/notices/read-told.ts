// The action that people are told of: its row with every name in it.
import { sql } from 'drizzle-orm';
import type { Actor } from '#domain/actor.ts';
import type { ActionName } from '#domain/actions.ts';
import { isActionName } from '#domain/actions.ts';
import type { AgencyId, ClientId } from '#domain/ids.ts';
import type { NoticeSetup } from '#domain/notices.ts';
import { policySchema, type Policy } from '#domain/policy.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Reader } from '#server/db/types.ts';

/** Everything that the telling needs to know of one action. */
export type Told = {
	seq: string;
	/** The hour of the clock it fell into. */
	hour: string;
	action: ActionName;
	agencyId: AgencyId;
	agency: string;
	/** Null, and '', for what is of no client. */
	clientId: ClientId | null;
	client: string;
	kind: Actor['kind'];
	contactId: string | null;
	contact: string | null;
	impersonationId: string | null;
	staffId: string | null;
	staff: string | null;
	subjectType: string | null;
	subjectId: string | null;
	details: Record<string, unknown>;
	policy: Policy;
	agencyNotices: NoticeSetup;
	agencySetup: PortalSetup;
	clientSetup: PortalSetup;
};

type Row = Omit<Told, 'action' | 'policy' | 'details'> & {
	action: string;
	policy: unknown;
	details: Record<string, unknown> | null;
};

/** @returns null for a refused action, or one this version does not know */
export async function readTold(reader: Reader, seq: string): Promise<Told | null> {
	const [row] = await reader.execute<Row>(sql`
		SELECT a.seq::text AS seq, a.action, a.agency_id AS "agencyId", g.name AS agency, a.client_id AS "clientId",
			to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24') AS hour, COALESCE(c.name, '') AS client, a.actor_kind AS kind, a.contact_id AS "contactId", k.name AS contact,
			a.impersonation_id AS "impersonationId",
			a.actor_staff_id AS "staffId", s.name AS staff, a.subject_type AS "subjectType", a.subject_id AS "subjectId",
			x.details::jsonb AS details, g.policy, g.notice_setup AS "agencyNotices", g.portal_setup AS "agencySetup",
			COALESCE(c.portal_setup, '{}') AS "clientSetup"
		FROM action a JOIN agency g ON g.id = a.agency_id LEFT JOIN client c ON c.id = a.client_id
		LEFT JOIN contact k ON k.id = a.contact_id LEFT JOIN staff s ON s.id = a.actor_staff_id
		LEFT JOIN action_details x ON x.seq = a.seq
		WHERE a.seq = ${seq} AND a.outcome = 'done'`);
	if (!row || !isActionName(row.action)) return null;
	return {
		...row,
		action: row.action,
		policy: policySchema.parse(row.policy),
		details: row.details ?? {}
	};
}
