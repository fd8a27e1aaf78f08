// The index of blocks: what is known of them without opening one.
import { sql } from 'drizzle-orm';
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import type { Reader } from '#server/db/types.ts';

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

export type BlockRow = {
	id: string;
	pageId: string;
	firstSeq: number;
	lastSeq: number;
	events: number;
	bytes: number;
	/** Hub time of the first and the last event, ms since the epoch. */
	fromAt: number;
	toAt: number;
	checkpoint: CheckpointKind;
	activity: Uint8Array;
	blobKey: string;
};

const COLUMNS = sql`b.id, b.page_id AS "pageId", b.first_seq AS "firstSeq", b.last_seq AS "lastSeq", b.events, b.bytes,
	${ms('b.from_at')} AS "fromAt", ${ms('b.to_at')} AS "toAt", b.checkpoint, b.activity, b.blob_key AS "blobKey"`;

/** All blocks of a recording, page by page in the order of their numbers. */
export async function readBlocks(
	reader: Reader,
	agencyId: string,
	impersonationId: string
): Promise<BlockRow[]> {
	const rows = await reader.execute<BlockRow>(sql`
		SELECT ${COLUMNS} FROM block b WHERE b.impersonation_id = ${impersonationId} AND b.agency_id = ${agencyId}
		ORDER BY b.page_id, b.first_seq`);
	return [...rows];
}

/** Blocks of one page that hold numbers from `fromSeq` on, in order; `limit` of them. */
export async function readPageBlocks(
	reader: Reader,
	of: { agencyId: string; pageId: string },
	fromSeq: number,
	limit: number
): Promise<BlockRow[]> {
	const rows = await reader.execute<BlockRow>(sql`
		SELECT ${COLUMNS} FROM block b WHERE b.page_id = ${of.pageId} AND b.agency_id = ${of.agencyId}
			AND b.last_seq >= ${fromSeq} ORDER BY b.first_seq LIMIT ${limit}`);
	return [...rows];
}

/** Blocks of one page that are old enough to be merged and were not looked at yet, in order. */
export async function readBlocksToMerge(
	reader: Reader,
	of: { agencyId: string; pageId: string },
	olderThanDays: number
): Promise<BlockRow[]> {
	const rows = await reader.execute<BlockRow>(sql`
		SELECT ${COLUMNS} FROM block b WHERE b.page_id = ${of.pageId} AND b.agency_id = ${of.agencyId} AND NOT b.is_compact
			AND b.sealed_at < now() - make_interval(days => ${olderThanDays}::int) ORDER BY b.first_seq`);
	return [...rows];
}

/** One block of a recording, or null. */
export async function readBlockRow(
	reader: Reader,
	of: { agencyId: string; impersonationId: string; blockId: string }
): Promise<BlockRow | null> {
	const [row] = await reader.execute<BlockRow>(sql`
		SELECT ${COLUMNS} FROM block b WHERE b.id = ${of.blockId} AND b.impersonation_id = ${of.impersonationId}
			AND b.agency_id = ${of.agencyId}`);
	return row ?? null;
}

/** Where a page's dictionary lies, or null. */
export async function readDictionaryKey(
	reader: Reader,
	agencyId: string,
	pageId: string
): Promise<string | null> {
	const [row] = await reader.execute<{ blob_key: string }>(
		sql`SELECT blob_key FROM page_dictionary WHERE page_id = ${pageId} AND agency_id = ${agencyId}`
	);
	return row?.blob_key ?? null;
}
