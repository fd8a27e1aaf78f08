// A draft's approval and the change it asked for are one transaction: approved exactly once, or still waiting.
import { sql } from 'drizzle-orm';
import type { Actor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Tx } from './types.ts';

/**
 * Marks the draft that this change carries out as approved; does nothing for any other change.
 * @throws AppError `conflict` when it was decided, withdrawn or ran out meanwhile
 */
export async function settleDraft(tx: Tx, actor: Actor): Promise<void> {
	if (actor.kind !== 'client' || !actor.approves) return;
	// The account is asked again here: a draft of another client must not be approvable by guessing its id.
	const settled = await tx.execute(sql`
		UPDATE draft SET state = 'approved', decided_by = ${actor.contactId}, decided_at = clock_timestamp()
		WHERE id = ${actor.approves.draftId} AND agency_id = ${actor.agencyId} AND client_id = ${actor.clientId}
			AND prepared_by = ${actor.approves.staffId} AND impersonation_id = ${actor.approves.impersonationId}
			AND state = 'open' AND expires_at > clock_timestamp() RETURNING id`);
	if (settled.length === 0)
		throw new AppError('conflict', 'This was decided already, or it waited too long. Reload the page.');
}
