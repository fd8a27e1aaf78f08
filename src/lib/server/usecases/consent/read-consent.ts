// What the client said about impersonation, and what the agency's policy leaves them to say.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { policySchema, tellingOf, type Consent, type Telling } from '#domain/policy.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, ownRows, requireArea } from '../portal/scope.ts';
import { WITHDRAWN_LATELY } from './give-again.ts';

/** `open`: whenever there is a reason. `asked`: only while a grant runs. `closed`: nobody. */
export type WhoMayCome = 'open' | 'asked' | 'closed';

export type Grant = { id: string; by: string; grantedAt: number; until: number };

export type ConsentState = {
	/** The client's own choice. */
	choice: WhoMayCome;
	/** What holds once the agency's policy is counted in. */
	effective: WhoMayCome;
	policy: Consent;
	tells: Telling;
	mayOptOut: boolean;
	/** Owners decide; the others read. */
	mayChange: boolean;
	/** Grants that run now, the longest first. */
	grants: Grant[];
	/** Withdrawn a moment ago: they can be given again with their old end. */
	withdrawn: Grant[];
	/** Staff who are inside at this moment: withdrawing ends them. */
	insideNow: number;
};

type Row = {
	policy: unknown;
	opted_out: boolean;
	requires_grant: boolean;
	is_owner: boolean;
	inside: number;
};
type GrantRow = { id: string; by: string; granted_at: string; until: string; withdrawn: boolean };

const toGrant = ({ id, by, granted_at, until }: GrantRow): Grant => ({
	id,
	by,
	grantedAt: Number(granted_at),
	until: Number(until)
});

const choiceOf = (row: Row): WhoMayCome => (row.opted_out ? 'closed' : row.requires_grant ? 'asked' : 'open');

function effectiveOf(row: Row, consent: Consent, mayOptOut: boolean): WhoMayCome {
	if (consent === 'never' || (row.opted_out && mayOptOut)) return 'closed';
	return consent === 'grant' || row.requires_grant ? 'asked' : 'open';
}

/** @throws AppError `not_found` when the account is not active */
export const readConsent =
	({ db }: { db: Db }) =>
	async (actor: PortalActor): Promise<ConsentState> => {
		await requireArea(db, actor, 'access-history');
		const [[row], grants] = await Promise.all([
			db.execute<Row>(sql`
				SELECT a.policy, c.opted_out, c.requires_grant, k.is_owner, (SELECT count(*)::int FROM impersonation i
					WHERE i.client_id = c.id AND i.state = 'active' AND i.expires_at > clock_timestamp()) AS inside
				FROM client c JOIN agency a ON a.id = c.agency_id JOIN contact k ON k.id = ${actor.contactId}
				WHERE c.id = ${actor.clientId} AND a.id = ${actor.agencyId}`),
			db.execute<GrantRow>(sql`
				SELECT o.id, k.name AS by, ${epochMs('o.granted_at')} AS granted_at, ${epochMs('o.until')} AS until,
					o.withdrawn_at IS NOT NULL AS withdrawn
				FROM consent_grant o JOIN contact k ON k.id = o.granted_by
				WHERE ${ownRows(actor, 'o')} AND o.until > clock_timestamp() AND (o.withdrawn_at IS NULL OR ${WITHDRAWN_LATELY})
				ORDER BY o.until DESC, o.id`)
		]);
		if (!row) throw new Error('An active contact has no client.');
		const policy = policySchema.parse(row.policy);
		return {
			choice: choiceOf(row),
			effective: effectiveOf(row, policy.consent, policy.clientMayOptOut),
			policy: policy.consent,
			tells: tellingOf(policy),
			mayOptOut: policy.clientMayOptOut,
			mayChange: row.is_owner,
			insideNow: row.inside,
			grants: grants.filter(({ withdrawn }) => !withdrawn).map(toGrant),
			withdrawn: grants.filter(({ withdrawn }) => withdrawn).map(toGrant)
		};
	};
