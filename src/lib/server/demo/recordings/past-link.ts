// Links a row to the agency's chain at a time that is past. Only a demo that is being made has a past of this kind: its first rows are
// brought along with their recordings. They stand in the order of their times, and the chain is as whole as any.
import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { hashDetails, hashRow, type ChainRow } from '#server/db/chain.ts';
import type { Tx } from '#server/db/types.ts';

export type PastRow = Omit<ChainRow, 'seq' | 'at' | 'detailsHash'> & {
	atMs: number;
	details: Record<string, unknown>;
};

/** As the chain writes times: UTC with microseconds. */
const chainTimeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;

export async function linkPast(tx: Tx, { atMs, details, ...row }: PastRow): Promise<void> {
	const [head] = await tx.execute<{ hash: Buffer; seq: string }>(sql`
		SELECT hash, nextval('action_seq')::text AS seq FROM chain_head WHERE agency_id = ${row.agencyId} FOR UPDATE`);
	if (!head) throw new Error('The agency has no chain.');
	const salt = randomBytes(16);
	const text = JSON.stringify(details);
	const detailsHash = hashDetails(salt, text);
	const at = chainTimeOf(atMs);
	const hash = hashRow({ ...row, seq: head.seq, at, detailsHash: detailsHash.toString('hex') }, head.hash);
	await tx.execute(sql`
		INSERT INTO action (seq, agency_id, at, client_id, contact_id, actor_kind, actor_staff_id, impersonation_id, page_id, action,
			subject_type, subject_id, outcome, refusal, details_hash, previous_hash, hash)
		VALUES (${head.seq}::bigint, ${row.agencyId}, ${at}::timestamptz, ${row.clientId}, ${row.contactId}, ${row.actorKind},
			${row.actorStaffId}, ${row.impersonationId}, ${row.pageId}, ${row.action}, ${row.subjectType}, ${row.subjectId},
			${row.outcome}, ${row.refusal}, ${detailsHash}, ${head.hash}, ${hash})`);
	await tx.execute(sql`INSERT INTO action_details (seq, agency_id, client_id, salt, details)
		VALUES (${head.seq}::bigint, ${row.agencyId}, ${row.clientId}, ${salt}, ${text})`);
	await tx.execute(sql`UPDATE chain_head SET seq = ${head.seq}::bigint, rows = rows + 1, hash = ${hash}
		WHERE agency_id = ${row.agencyId}`);
}
