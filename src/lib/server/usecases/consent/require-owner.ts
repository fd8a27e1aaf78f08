// Who decides about access to an account: its owners, asked inside the change's own transaction.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { policySchema, type Policy } from '#domain/policy.ts';
import type { Tx } from '#server/db/types.ts';

/**
 * The agency's policy, once the contact is an owner. The client's row is held, so that two changes of mind at once
 * come one after the other.
 * @throws AppError `not_allowed`
 */
export async function requireOwner(tx: Tx, actor: PortalActor): Promise<Policy> {
	const [row] = await tx.execute<{ is_owner: boolean; policy: unknown }>(sql`
		SELECT k.is_owner, a.policy FROM client c JOIN agency a ON a.id = c.agency_id
		JOIN contact k ON k.client_id = c.id AND k.id = ${actor.contactId} AND k.active
		WHERE c.id = ${actor.clientId} AND c.agency_id = ${actor.agencyId} FOR NO KEY UPDATE OF c`);
	if (!row?.is_owner)
		throw new AppError('not_allowed', 'Only an owner of this account decides who may come in. Ask them.');
	return policySchema.parse(row.policy);
}
