// Redeems a one-time code on the portal host: once, in time, while the staff session that made it lives.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor, Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Reason } from '#domain/modes-and-reasons.ts';
import { hardLimitMs, policySchema } from '#domain/policy.ts';
import type { Act } from '#server/db/act.ts';
import { readStanding } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';

export type Entered = { token: string; enterAt: string; impersonationId: ImpersonationId };

type Found = {
	id: ImpersonationId;
	agency_id: AgencyId;
	client_id: ClientId;
	contact_id: ContactId;
	staff_id: StaffId;
	reason: Reason;
	enter_at: string;
	policy: unknown;
};

async function find(db: Db, codeHash: Buffer): Promise<Found | undefined> {
	const [row] = await db.execute<Found>(sql`
		SELECT i.id, i.agency_id, i.client_id, i.contact_id, i.staff_id, i.reason, i.enter_at, a.policy
		FROM impersonation i JOIN agency a ON a.id = i.agency_id WHERE i.code_hash = ${codeHash}`);
	return row;
}

const actorOf = (row: Found): ImpersonationActor => ({
	kind: 'impersonation',
	agencyId: row.agency_id,
	clientId: row.client_id,
	contactId: row.contact_id,
	impersonationId: row.id,
	act: { staffId: row.staff_id },
	pageId: null
});

const REFUSED = 'This start link was already used or is too old. Go back to the agency and start again.';

/** @throws AppError `start_refused`: unknown, used, late, or the staff session ended (logged when the code was ours) */
export const enterImpersonation =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (code: string, origin: Origin): Promise<Entered> => {
		const codeHash = hashSecret(code);
		const found = await find(db, codeHash);
		if (!found) throw new AppError('start_refused', REFUSED, { reason: 'unknown_code' });
		const token = ids.secret();
		const limit = `${hardLimitMs(policySchema.parse(found.policy), found.reason)} milliseconds`;
		const actor = actorOf(found);
		return act(actor, { action: 'impersonation.entered', origin }, async (tx) => {
			// One statement decides: of two redemptions at the same time exactly one finds the row still pending.
			const [row] = await tx.execute<{ id: string }>(sql`
				UPDATE impersonation SET state = 'active', token_hash = ${hashSecret(token)}, started_at = clock_timestamp(),
					expires_at = clock_timestamp() + ${limit}::interval
				WHERE code_hash = ${codeHash} AND state = 'pending' AND code_expires_at > clock_timestamp()
					AND EXISTS (SELECT FROM staff_session t WHERE t.id = staff_session_id AND t.user_id = staff_id
						AND t.expires_at > clock_timestamp())
				RETURNING id`);
			if (!row) throw new AppError('start_refused', REFUSED, { reason: 'code_dead' });
			// Rights may have gone between start and entry.
			const standing = await readStanding(tx, actor, true);
			if (!standing.staffMayStay) throw new AppError('start_refused', REFUSED, { reason: 'right_lost' });
			await tx.execute(sql`
				UPDATE impersonation_pulse SET last_activity_at = clock_timestamp() WHERE impersonation_id = ${found.id}`);
			return {
				value: { token, enterAt: found.enter_at, impersonationId: found.id },
				outbox: [
					{
						kind: 'signal',
						signal: { topic: 'impersonation.changed', agencyId: found.agency_id, impersonationId: found.id }
					}
				]
			};
		});
	};
