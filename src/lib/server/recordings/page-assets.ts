// Rows of pictures and fonts: which page names which, and the end of those that none names any more.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { LeftOut } from '#recorder/format/assets.ts';
import type { Reader, Tx } from '#server/db/types.ts';

/** What one page may name: a gallery has a few hundred pictures. */
export const MAX_NAMES = 400;

/** What one impersonation may add to the store: an hour among the files of a client. */
const MAX_RECORDING_BYTES = 100 * 1024 * 1024;

/** A page may still hand in what it has under way. */
const OPEN_FOR_S = 15;

export type RecordedPage = { pageId: string; agencyId: string; clientId: string };

/**
 * The page that the actor's browser is recording now, held until the transaction ends: erasing waits for it.
 * @throws AppError `not_allowed` for any other page; `too_many` where it has named as much as it may
 */
export async function holdPage(tx: Tx, actor: ImpersonationActor): Promise<RecordedPage> {
	const { agencyId, impersonationId, pageId } = actor;
	const [page] = await tx.execute<{ client_id: string; names: number; bytes: number }>(sql`
		SELECT i.client_id, (SELECT count(*)::int FROM page_asset x WHERE x.page_id = g.id) AS names,
			(SELECT COALESCE(sum(a.bytes), 0)::float8 FROM asset a WHERE a.id IN (SELECT x.asset_id FROM page_asset x
				JOIN page p ON p.id = x.page_id WHERE p.impersonation_id = i.id)) AS bytes
		FROM page g JOIN impersonation i ON i.id = g.impersonation_id
		WHERE g.id = ${pageId} AND i.id = ${impersonationId} AND i.agency_id = ${agencyId} AND g.erased_at IS NULL
			AND (i.state = 'active' OR i.ended_at > clock_timestamp() - make_interval(secs => ${OPEN_FOR_S}::int))
		FOR SHARE OF g`);
	if (!page || pageId === null) throw new AppError('not_allowed', 'This page is not being recorded.');
	if (page.names >= MAX_NAMES || page.bytes > MAX_RECORDING_BYTES)
		throw new AppError('too_many', 'This page has shown as many pictures as are kept.');
	return { pageId, agencyId, clientId: page.client_id };
}

/** Ids of the client's assets by hash, lower-case hex. */
export async function findAssets(
	reader: Reader,
	clientId: string,
	hashes: readonly string[]
): Promise<Map<string, string>> {
	const rows = await reader.execute<{ id: string; hash: string }>(sql`
		SELECT id, encode(sha256, 'hex') AS hash FROM asset WHERE client_id = ${clientId} AND sha256 IN
			(SELECT decode(value, 'hex') FROM jsonb_array_elements_text(${JSON.stringify(hashes)}::text::jsonb))`);
	return new Map(rows.map(({ id, hash }) => [hash, id]));
}

export type NamedAsset = { name: string; assetId: string | null; why: LeftOut | null };

/** Whether the page shows this file at this address. */
export async function isNamed(
	reader: Reader,
	{ pageId }: RecordedPage,
	{ name, assetId }: { name: string; assetId: string }
): Promise<boolean> {
	const [row] = await reader.execute(
		sql`SELECT FROM page_asset WHERE page_id = ${pageId} AND name = ${name} AND asset_id = ${assetId}`
	);
	return row !== undefined;
}

/** What stood at these addresses. What was known stays, except that a picture takes the place of none. */
export async function nameAssets(
	tx: Tx,
	{ pageId, agencyId }: RecordedPage,
	named: readonly NamedAsset[]
): Promise<void> {
	// The same name twice in one statement would be an error of ours.
	const each = [...new Map(named.map((one) => [one.name, one])).values()]
		// The same file is locked by many pages at once: always in this order, which is that of `dropAssets`.
		.toSorted((a, b) => (a.assetId ?? '').localeCompare(b.assetId ?? ''));
	await tx.execute(sql`
		INSERT INTO page_asset (page_id, agency_id, name, asset_id, left_out)
		SELECT ${pageId}, ${agencyId}, n.name, n."assetId", n.why
		FROM jsonb_to_recordset(${JSON.stringify(each)}::text::jsonb) AS n(name text, "assetId" uuid, why text)
		ON CONFLICT (page_id, name) DO UPDATE SET asset_id = EXCLUDED.asset_id, left_out = NULL
			WHERE page_asset.asset_id IS NULL AND EXCLUDED.asset_id IS NOT NULL`);
}

/**
 * Takes away what the pages of a recording name; files that nothing else names go with it, key first, and their objects are swept.
 * To be called once nothing more can be named: the pages are marked as erased.
 */
export async function dropAssets(tx: Tx, impersonationId: string): Promise<void> {
	const dropped = await tx.execute<{ id: string | null }>(sql`
		DELETE FROM page_asset x USING page g WHERE g.id = x.page_id AND g.impersonation_id = ${impersonationId}
		RETURNING x.asset_id AS id`);
	const ids = JSON.stringify([...new Set(dropped.flatMap(({ id }) => id ?? []))]);
	const among = sql`(SELECT value::uuid FROM jsonb_array_elements_text(${ids}::text::jsonb))`;
	// Locked before it is looked whether something names them: a page that is naming one now finishes first, or waits.
	await tx.execute(sql`SELECT FROM asset WHERE id IN ${among} ORDER BY id FOR UPDATE`);
	await tx.execute(sql`
		WITH gone AS (DELETE FROM asset a WHERE a.id IN ${among}
			AND NOT EXISTS (SELECT FROM page_asset x WHERE x.asset_id = a.id) RETURNING a.blob_key)
		INSERT INTO unnamed_object (blob_key, due_at) SELECT blob_key, now() FROM gone ON CONFLICT (blob_key) DO NOTHING`);
}

export type StoredAsset = { id: string; blobKey: string; wrapped: Buffer; hash: string };

/** What stood at an address of a page: a file, or why there is none; null where nothing was said of it (yet). */
export async function readNamed(
	reader: Reader,
	{
		agencyId,
		impersonationId,
		pageId,
		name
	}: Record<'agencyId' | 'impersonationId' | 'pageId' | 'name', string>
): Promise<{ asset: StoredAsset | null } | null> {
	const [row] = await reader.execute<{
		id: string | null;
		blob_key: string;
		wrapped: Buffer;
		hash: string;
	}>(sql`
		SELECT a.id, a.blob_key, a.wrapped, encode(a.sha256, 'hex') AS hash
		FROM page_asset x JOIN page g ON g.id = x.page_id LEFT JOIN asset a ON a.id = x.asset_id
		WHERE x.page_id = ${pageId} AND x.name = ${name} AND x.agency_id = ${agencyId}
			AND g.impersonation_id = ${impersonationId} AND g.erased_at IS NULL`);
	if (!row) return null;
	const { id, blob_key: blobKey, wrapped, hash } = row;
	return { asset: id === null ? null : { id, blobKey, wrapped, hash } };
}
