// What a client said about impersonation, as columns of a query over `client c`.
import { sql } from 'drizzle-orm';

export type ConsentRow = { opted_out: boolean; requires_grant: boolean; has_grant: boolean };

/** The columns of a `ConsentRow`; a grant counts until the very moment it runs out or is withdrawn. */
export const CONSENT_COLUMNS = sql`c.opted_out, c.requires_grant, EXISTS (SELECT FROM consent_grant o
	WHERE o.client_id = c.id AND o.withdrawn_at IS NULL AND o.until > clock_timestamp()) AS has_grant`;

/** As the policy asks for it. */
export const consentOf = (row: ConsentRow) => ({
	optedOut: row.opted_out,
	requiresGrant: row.requires_grant,
	hasGrant: row.has_grant
});
