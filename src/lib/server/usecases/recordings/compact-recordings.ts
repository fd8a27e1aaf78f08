// Makes a minute of six times ten seconds, a week after: the same batches and the same batch chain in fewer, larger blocks.
import { sql } from 'drizzle-orm';
import type { BlockIds } from '#recorder/format/block-header.ts';
import type { Db } from '#server/db/types.ts';
import { readBlocksToMerge, readDictionaryKey, type BlockRow } from '#server/recordings/block-rows.ts';
import { claimMerge } from '#server/recordings/claim-block.ts';
import { groupBlocks } from '#server/recordings/group-blocks.ts';
import { COMPACT_AFTER_DAYS } from '#server/recordings/seal-limits.ts';
import type { SealDeps } from './seal-deps.ts';

/** Pages of one run; the next one goes on. */
const AT_ONCE = 200;

type CompactDeps = Pick<SealDeps, 'db' | 'store' | 'keys' | 'sealer' | 'ids'>;

async function duePages(db: Db): Promise<BlockIds[]> {
	const rows = await db.execute<BlockIds>(sql`
		SELECT DISTINCT b.agency_id AS "agencyId", b.impersonation_id AS "impersonationId", b.page_id AS "pageId"
		FROM block b JOIN page g ON g.id = b.page_id
		WHERE NOT b.is_compact AND b.sealed_at < now() - make_interval(days => ${COMPACT_AFTER_DAYS}::int)
			AND g.erased_at IS NULL LIMIT ${AT_ONCE}`);
	return [...rows];
}

async function mergeGroup(deps: CompactDeps, page: BlockIds, group: BlockRow[]): Promise<void> {
	const { db, store, keys, sealer, ids } = deps;
	const dictionaryKey = await readDictionaryKey(db, page.agencyId, page.pageId);
	const [key, dictionary, blocks] = await Promise.all([
		keys.require(page),
		dictionaryKey === null ? null : store.get(dictionaryKey),
		Promise.all(group.map(({ blobKey }) => store.get(blobKey)))
	]);
	const block = await sealer.ask('merge', { key, dictionary, blocks });
	const name = `${block.figures.firstSeq}-${ids.uuid()}.block`;
	const blobKey = `recordings/${page.impersonationId}/${page.pageId}/${name}`;
	await store.put(blobKey, block.object);
	// Somebody else merged them, or they were erased: theirs stands.
	if (!(await claimMerge(db, store, page, { id: ids.uuid(), blobKey, block, replaced: group })))
		await store.discard(blobKey);
}

async function compactPage(deps: CompactDeps, page: BlockIds): Promise<void> {
	for (const group of groupBlocks(await readBlocksToMerge(deps.db, page, COMPACT_AFTER_DAYS))) {
		const [only] = group;
		if (group.length > 1) await mergeGroup(deps, page, group);
		else if (only) await deps.db.execute(sql`UPDATE block SET is_compact = true WHERE id = ${only.id}`);
	}
}

/**
 * Compacts what is due. A page that fails keeps its blocks as they are and is tried again by the next run.
 * @returns how many pages were looked at
 */
export const compactRecordings =
	(deps: CompactDeps & { onError(error: unknown, pageId: string): void }) => async (): Promise<number> => {
		const pages = await duePages(deps.db);
		for (const page of pages)
			await compactPage(deps, page).catch((error: unknown) => deps.onError(error, page.pageId));
		return pages.length;
	};
