// What sealing must know of a page: where it stands, and whether anything can still come.
import { sql } from 'drizzle-orm';
import type { Reader } from '#server/db/types.ts';
import { CHAIN_START } from './batch-chain.ts';

export type PageState = {
	agencyId: string;
	impersonationId: string;
	pageId: string;
	openedAt: number;
	sealedSeq: number;
	failures: number;
	batchHash: Uint8Array;
	/** Where the last block and the dictionary lie. */
	lastBlock: string | null;
	/** First number of the last block where that begins with all that the page showed: nothing before it is needed to show it. */
	shownFrom: number | null;
	dictionary: string | null;
	/** Its connection is gone, or its impersonation ended: what is there is all for now. */
	isClosed: boolean;
	/** Ended so long ago that nothing can come any more: a hole in the numbers stays one. */
	isOver: boolean;
};

/** Well above what a page may still flush after the end (`FLUSH_AFTER_END_MS`), and any process's clock. */
const OVER_AFTER_S = 10;

/** Null for a page that was erased or never was. */
export async function readPageState(reader: Reader, pageId: string): Promise<PageState | null> {
	const [row] = await reader.execute<Omit<PageState, 'batchHash'> & { batchHash: Buffer | null }>(sql`
		SELECT g.agency_id AS "agencyId", g.impersonation_id AS "impersonationId", g.id AS "pageId",
			(extract(epoch FROM g.opened_at) * 1000)::float8 AS "openedAt", g.sealed_seq AS "sealedSeq",
			g.seal_failures AS failures, b.batch_hash AS "batchHash", b.blob_key AS "lastBlock", d.blob_key AS dictionary,
			CASE WHEN b.checkpoint = 'whole' THEN b.first_seq END AS "shownFrom",
			g.closed_at IS NOT NULL OR i.state = 'ended' AS "isClosed",
			COALESCE(i.ended_at < clock_timestamp() - make_interval(secs => ${OVER_AFTER_S}), false) AS "isOver"
		FROM page g JOIN impersonation i ON i.id = g.impersonation_id
		LEFT JOIN page_dictionary d ON d.page_id = g.id
		LEFT JOIN LATERAL (SELECT batch_hash, blob_key, checkpoint, first_seq FROM block WHERE page_id = g.id ORDER BY first_seq DESC LIMIT 1) b ON true
		WHERE g.id = ${pageId} AND g.erased_at IS NULL`);
	return row ? { ...row, batchHash: row.batchHash ?? CHAIN_START } : null;
}
