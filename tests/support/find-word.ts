// Where a word still stands: every column of every table, and every file of a folder.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

/** Tables that hold the word in a row, in any column, whatever its type; bytes as their text, too. */
export async function tablesWith(db: Db, word: string): Promise<string[]> {
	const tables = await db.execute<{ name: string }>(sql`
		SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
			AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`);
	const hex = Buffer.from(word.toLowerCase()).toString('hex');
	// One question about all of them: asked one by one, most of the time would be spent on the way.
	const each = tables.map(
		({ name }) => sql`SELECT ${name}::text AS name WHERE EXISTS (SELECT FROM ${sql.raw(name)} AS t
			WHERE position(${word.toLowerCase()} IN lower(t::text)) > 0 OR position(${hex} IN t::text) > 0)`
	);
	const found = await db.execute<{ name: string }>(sql.join(each, sql` UNION ALL `));
	return found.map(({ name }) => name);
}

/** Files under a folder whose name or bytes hold the word. */
export const filesWith = (folder: string, word: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.filter((file) => {
			const words = `${file}\n${readFileSync(file).toString('latin1')}`.toLowerCase();
			return words.includes(word.toLowerCase());
		});
