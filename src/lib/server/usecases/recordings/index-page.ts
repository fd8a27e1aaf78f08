// Brings the index over what was seen, and over when it was masked, to where a page is sealed, block after block. What counts is the
// page's `indexed_seq`, so it may be broken off anywhere, run twice, and find the blocks merged meanwhile.
import { sql } from 'drizzle-orm';
import { isAppError } from '#domain/errors.ts';
import type { BlockIds } from '#recorder/format/block-header.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { readDictionaryKey, readPageBlocks, type BlockRow } from '#server/recordings/block-rows.ts';
import { insertFaults } from '#server/recordings/fault-rows.ts';
import { keepMasks, readHeldMasks } from '#server/recordings/masked-rows.ts';
import { isSealerFault } from '#server/recordings/seal-process.ts';
import { MAX_PAGE, MAX_PAGE_ROWS } from '#server/recordings/seen-limits.ts';
import type { HeldRow } from '#server/recordings/seen-lines.ts';
import type { SeenText } from '#server/recordings/seen-text.ts';
import type { SealDeps } from './seal-deps.ts';

/** So often a block may fail before it is left out: its pictures stay, it is not found. */
const MAX_FAILURES = 3;
/** Blocks asked for at once. */
const AT_ONCE = 20;

export type IndexDeps = Pick<SealDeps, 'db' | 'store' | 'keys' | 'sealer'>;

type IndexState = BlockIds & { indexedSeq: number; chars: number; rows: number };

async function readState(db: Db, pageId: string): Promise<IndexState | null> {
	const [row] = await db.execute<IndexState>(sql`
		SELECT agency_id AS "agencyId", impersonation_id AS "impersonationId", id AS "pageId", indexed_seq AS "indexedSeq",
			indexed_chars AS chars, indexed_rows AS rows
		FROM page WHERE id = ${pageId} AND erased_at IS NULL`);
	return row ?? null;
}

async function readHeld(db: Db, pageId: string): Promise<HeldRow[]> {
	const rows = await db.execute<{ id: string; fromAt: number; lines: string; gone: HeldRow['gone'] }>(sql`
		SELECT id::text AS id, (extract(epoch FROM from_at) * 1000)::float8 AS "fromAt", lines, gone
		FROM seen_text WHERE page_id = ${pageId} AND is_on ORDER BY id`);
	return rows.map((row) => ({ ...row, lines: row.lines.split('\n') }));
}

async function wordsOfBlock(deps: IndexDeps, state: IndexState, block: BlockRow): Promise<SeenText> {
	const { db, store, keys, sealer } = deps;
	const dictionaryKey = await readDictionaryKey(db, state.agencyId, state.pageId);
	const [key, dictionary, object, held, masks] = await Promise.all([
		keys.require(state),
		dictionaryKey === null ? null : store.get(dictionaryKey),
		store.get(block.blobKey),
		readHeld(db, state.pageId),
		readHeldMasks(db, state.pageId)
	]);
	const room = { chars: MAX_PAGE - state.chars, rows: MAX_PAGE_ROWS - state.rows };
	return sealer.ask('words', {
		key,
		dictionary,
		block: object,
		before: { fromSeq: state.indexedSeq + 1, held, room, masks }
	});
}

/** Rows as JSON for one statement; ids of agency, client and staff member go into the words. */
const asJson = (rows: SeenText['added']): string =>
	JSON.stringify(
		rows.map(({ fromAt, title, lines, gone, words }) => ({
			from_at: fromAt,
			title,
			lines: lines.join('\n'),
			gone,
			is_on: gone.includes(null),
			words
		}))
	);

async function insertRows(tx: Tx, page: BlockIds, added: SeenText['added']): Promise<void> {
	if (added.length === 0) return;
	await tx.execute(sql`
		INSERT INTO seen_text (agency_id, client_id, impersonation_id, page_id, from_at, title, lines, gone, is_on, words)
		SELECT i.agency_id, i.client_id, i.id, ${page.pageId}, to_timestamp(r.from_at / 1000), r.title, r.lines, r.gone, r.is_on,
			(r.words || ' ''a:' || i.agency_id || ''' ''c:' || i.client_id || ''' ''s:' || i.staff_id || '''')::tsvector
		FROM impersonation i, jsonb_to_recordset(${asJson(added)}::text::jsonb)
			AS r(from_at float8, title text, lines text, gone jsonb, is_on boolean, words text)
		WHERE i.id = ${page.impersonationId} AND i.agency_id = ${page.agencyId}`);
}

async function updateRows(tx: Tx, page: BlockIds, held: SeenText['held']): Promise<void> {
	if (held.length === 0) return;
	await tx.execute(sql`
		UPDATE seen_text s SET gone = r.gone, is_on = jsonb_path_exists(r.gone, '$[*] ? (@ == null)')
		FROM jsonb_to_recordset(${JSON.stringify(held)}::text::jsonb) AS r(id bigint, gone jsonb)
		WHERE s.id = r.id AND s.page_id = ${page.pageId}`);
}

/** @returns false when somebody else indexed these batches, or the recording was erased: nothing has changed then */
const claim = (db: Db, state: IndexState, lastSeq: number, found: SeenText | null): Promise<boolean> =>
	db.transaction(async (tx) => {
		// In the order in which sealing and erasing lock them.
		const [key] = await tx.execute(
			sql`SELECT FROM recording_key WHERE impersonation_id = ${state.impersonationId} FOR SHARE`
		);
		const [held] = await tx.execute<{ indexed_seq: number }>(
			sql`SELECT indexed_seq FROM page WHERE id = ${state.pageId} AND erased_at IS NULL FOR UPDATE`
		);
		if (!key || held?.indexed_seq !== state.indexedSeq) return false;
		const added = found?.added ?? [];
		await insertRows(tx, state, added);
		await updateRows(tx, state, found?.held ?? []);
		await insertFaults(tx, state, found?.faults ?? []);
		await keepMasks(tx, state, found?.masked ?? []);
		const chars = added.reduce((sum, { lines }) => sum + lines.join('').length, 0);
		await tx.execute(sql`
			UPDATE page SET indexed_seq = ${lastSeq}, index_failures = 0, indexed_chars = indexed_chars + ${chars}::int,
				indexed_rows = indexed_rows + ${added.length}::int WHERE id = ${state.pageId}`);
		return true;
	});

/** Counts a failure that would come again; @returns whether the block is to be left out now */
async function isHopeless(db: Db, pageId: string, error: unknown): Promise<boolean> {
	if (!isSealerFault(error) && !(isAppError(error) && error.code === 'not_found')) return false;
	const [row] = await db.execute<{ n: number }>(sql`
		UPDATE page SET index_failures = index_failures + 1 WHERE id = ${pageId} AND erased_at IS NULL
		RETURNING index_failures AS n`);
	return (row?.n ?? 0) >= MAX_FAILURES;
}

async function indexBlock(deps: IndexDeps, state: IndexState, block: BlockRow): Promise<boolean> {
	const { db } = deps;
	try {
		return await claim(db, state, block.lastSeq, await wordsOfBlock(deps, state, block));
	} catch (error) {
		if (!(await isHopeless(db, state.pageId, error))) throw error;
		return claim(db, state, block.lastSeq, null);
	}
}

/** @returns how many blocks were read; a page that somebody else works on is left to them */
export async function indexPage(deps: IndexDeps, pageId: string): Promise<number> {
	let count = 0;
	for (;;) {
		const first = await readState(deps.db, pageId);
		if (!first) return count;
		const blocks = await readPageBlocks(deps.db, first, first.indexedSeq + 1, AT_ONCE);
		for (const block of blocks) {
			const state = await readState(deps.db, pageId);
			if (!state || !(await indexBlock(deps, state, block))) return count;
			count += 1;
		}
		if (blocks.length < AT_ONCE) return count;
	}
}
