// The moment a block comes into being: its row, the page's watermark and the end of its object's being unnamed, at once.
import { sql } from 'drizzle-orm';
import type { BlockIds } from '#recorder/format/block-header.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { sha256 } from './batch-chain.ts';
import type { BlockRow } from './block-rows.ts';
import type { BlockStore } from './block-store.ts';
import type { SealedBlock } from './page-sealer.ts';
import type { PageState } from './page-to-seal.ts';

/** Somebody else sealed the same batches, or the recording was erased meanwhile: nothing is kept. */
class NotOurs extends Error {}

async function orNotOurs(db: Db, work: (tx: Tx) => Promise<void>): Promise<boolean> {
	try {
		await db.transaction(work);
		return true;
	} catch (error) {
		if (error instanceof NotOurs) return false;
		throw error;
	}
}

async function requireKey(tx: Tx, impersonationId: string): Promise<void> {
	// Erasing deletes this row first of all: it waits for us, or we find it gone.
	const [key] = await tx.execute(
		sql`SELECT FROM recording_key WHERE impersonation_id = ${impersonationId} FOR SHARE`
	);
	if (!key) throw new NotOurs();
}

type NewBlock = {
	id: string;
	blobKey: string;
	block: Pick<SealedBlock, 'object' | 'figures'>;
	isCompact: boolean;
};

async function insertBlock(
	tx: Tx,
	page: BlockIds,
	{ id, blobKey, block, isCompact }: NewBlock
): Promise<void> {
	const { object, figures } = block;
	const inserted = await tx.execute(sql`
		INSERT INTO block (id, agency_id, impersonation_id, page_id, first_seq, last_seq, events, bytes, from_at, to_at,
			checkpoint, activity, batch_hash, object_hash, blob_key, is_compact)
		VALUES (${id}, ${page.agencyId}, ${page.impersonationId}, ${page.pageId}, ${figures.firstSeq}, ${figures.lastSeq},
			${figures.events}, ${object.byteLength}, to_timestamp(${figures.fromAt}::float8 / 1000),
			to_timestamp(${figures.toAt}::float8 / 1000), ${figures.checkpoint}, ${Buffer.from(figures.activity)},
			${Buffer.from(figures.batchHash)}, ${sha256(object)}, ${blobKey}, ${isCompact})
		ON CONFLICT (page_id, first_seq) DO NOTHING RETURNING id`);
	if (inserted.length === 0) throw new NotOurs();
}

export type Claim = { id: string; blobKey: string; block: SealedBlock; sealedBefore: number };

/** @returns false when these batches are sealed already or must not be kept any more; nothing has changed then */
export const claimBlock = (db: Db, store: BlockStore, page: PageState, claim: Claim): Promise<boolean> =>
	orNotOurs(db, async (tx) => {
		const { blobKey, block, sealedBefore } = claim;
		await requireKey(tx, page.impersonationId);
		const [held] = await tx.execute<{ sealed_seq: number }>(
			sql`SELECT sealed_seq FROM page WHERE id = ${page.pageId} AND erased_at IS NULL FOR UPDATE`
		);
		if (held?.sealed_seq !== sealedBefore || !(await store.name(tx, blobKey))) throw new NotOurs();
		await insertBlock(tx, page, { ...claim, isCompact: false });
		await tx.execute(
			sql`UPDATE page SET sealed_seq = ${block.figures.lastSeq}, seal_failures = 0 WHERE id = ${page.pageId}`
		);
	});

export type Merge = {
	id: string;
	blobKey: string;
	block: Pick<SealedBlock, 'object' | 'figures'>;
	replaced: BlockRow[];
};

/** Puts one block in the place of several. @returns false when they are not all there any more; nothing has changed then */
export const claimMerge = (db: Db, store: BlockStore, page: BlockIds, merge: Merge): Promise<boolean> =>
	orNotOurs(db, async (tx) => {
		const { replaced, blobKey } = merge;
		await requireKey(tx, page.impersonationId);
		const ids = JSON.stringify(replaced.map(({ id }) => id));
		const gone = await tx.execute(sql`
			DELETE FROM block WHERE page_id = ${page.pageId}
				AND id IN (SELECT value::uuid FROM jsonb_array_elements_text(${ids}::text::jsonb)) RETURNING id`);
		if (gone.length !== replaced.length || !(await store.name(tx, blobKey))) throw new NotOurs();
		await insertBlock(tx, page, { ...merge, isCompact: true });
		await store.unname(
			tx,
			replaced.map((block) => block.blobKey)
		);
	});

/** The same for a page's dictionary. */
export const claimDictionary = (
	db: Db,
	store: BlockStore,
	page: PageState,
	{ blobKey, hash, bytes }: { blobKey: string; hash: Uint8Array; bytes: number }
): Promise<boolean> =>
	orNotOurs(db, async (tx) => {
		await requireKey(tx, page.impersonationId);
		if (!(await store.name(tx, blobKey))) throw new NotOurs();
		const inserted = await tx.execute(sql`
			INSERT INTO page_dictionary (page_id, agency_id, hash, bytes, blob_key)
			VALUES (${page.pageId}, ${page.agencyId}, ${Buffer.from(hash)}, ${bytes}, ${blobKey})
			ON CONFLICT (page_id) DO NOTHING RETURNING page_id`);
		if (inserted.length === 0) throw new NotOurs();
	});
