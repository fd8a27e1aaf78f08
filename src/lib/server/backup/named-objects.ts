// Which objects rows name: a backup must have each of them, and a restore needs no other.
import type postgres from 'postgres';

/** Folders of the store whose objects are of use only to a row that names them. */
const NAMED_BY_ROWS = /^(?:uploads|recordings|assets)\//;

/** Rows of one fetch: there may be a million. */
const AT_ONCE = 5_000;

/** Keys that rows of a moment name. */
export async function namedIn(tx: postgres.TransactionSql): Promise<Set<string>> {
	const keys = new Set<string>();
	const rows = tx<{ key: string }[]>`
		SELECT blob_key AS key FROM file WHERE purged_at IS NULL
		UNION ALL SELECT blob_key FROM block UNION ALL SELECT blob_key FROM page_dictionary
		UNION ALL SELECT blob_key FROM asset`.cursor(AT_ONCE);
	for await (const some of rows) for (const { key } of some) keys.add(key);
	return keys;
}

/**
 * Those of the keys that should be in the store now. Not what was erased since, which goes at once, backup or not; and not a
 * file that is due to be removed for good, whose bytes go before its row says so.
 */
export async function stillNeeded(owner: postgres.Sql, keys: readonly string[]): Promise<string[]> {
	const rows = await owner<{ key: string }[]>`
		SELECT key FROM jsonb_array_elements_text(${JSON.stringify(keys)}::text::jsonb) AS asked(key)
		WHERE EXISTS (SELECT FROM file f WHERE f.blob_key = key AND f.purged_at IS NULL
				AND (f.deleted_at IS NULL OR f.deleted_at > now() - interval '30 days'))
			OR starts_with(key, 'recordings/') AND EXISTS (SELECT FROM page g
				WHERE g.id = split_part(key, '/', 3)::uuid AND g.erased_at IS NULL)
			OR EXISTS (SELECT FROM asset WHERE blob_key = key)`;
	return rows.map(({ key }) => key);
}

/** Whether an object is of use: bytes that were stored while the backup ran may have no row in it, and nothing would ever remove them. */
export async function isOfUse(owner: postgres.Sql, key: string): Promise<boolean> {
	if (!NAMED_BY_ROWS.test(key)) return true;
	const [row] = await owner<{ is_named: boolean }[]>`
		SELECT EXISTS (SELECT FROM file WHERE blob_key = ${key} AND purged_at IS NULL)
			OR EXISTS (SELECT FROM block WHERE blob_key = ${key})
			OR EXISTS (SELECT FROM page_dictionary WHERE blob_key = ${key})
			OR EXISTS (SELECT FROM asset WHERE blob_key = ${key}) AS is_named`;
	return row?.is_named === true;
}
