// What a row of the log says of a recording that was removed, so that whoever holds an export or an evidence pack of it can show that it
// was this one: how much there was, and one hash over where each page's batch chain ended. Compaction changes none of it.
import { sql } from 'drizzle-orm';
import type { Tx } from '#server/db/types.ts';
import { recordingHash } from '#server/evidence/pack-format.ts';

export type RemovalProof = { pages: number; blocks: number; bytes: number; recordingHash: string | null };

type EndOfPage = { page_id: string; last_seq: number; batch_hash: string; blocks: number; bytes: number };

/** To be read before anything goes. */
export async function proofOf(tx: Tx, impersonationId: string): Promise<RemovalProof> {
	const ends = await tx.execute<EndOfPage>(sql`
		SELECT DISTINCT ON (b.page_id) b.page_id, b.last_seq, encode(b.batch_hash, 'hex') AS batch_hash,
			(count(*) OVER pages)::int AS blocks, (sum(b.bytes) OVER pages)::float8 AS bytes
		FROM block b WHERE b.impersonation_id = ${impersonationId} WINDOW pages AS (PARTITION BY b.page_id)
		ORDER BY b.page_id, b.first_seq DESC`);
	const total = (of: 'blocks' | 'bytes'): number => ends.reduce((sum, row) => sum + row[of], 0);
	const pages = ends.map((end) => ({
		pageId: end.page_id,
		lastSeq: end.last_seq,
		batchHash: end.batch_hash
	}));
	return {
		pages: ends.length,
		blocks: total('blocks'),
		bytes: total('bytes'),
		recordingHash: recordingHash(pages)
	};
}
