// Every row of every table, as of one moment, by COPY: no table is known by name here.
import type { Readable } from 'node:stream';
import type postgres from 'postgres';
import type { ArchiveWriter } from './archive-writer.ts';
import { namedIn } from './named-objects.ts';

/** A table and the columns that are stored; what the database computes is computed again. */
export type DumpedTable = { name: string; columns: string[] };
export type DumpedSequence = { name: string; value: string; isCalled: boolean };

/** Says which migrations were run; restoring runs them itself. */
const MIGRATIONS_TABLE = 'schema_migration';

const TABLES = `
	SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> '${MIGRATIONS_TABLE}'
	GROUP BY c.relname ORDER BY c.relname`;

const SEQUENCES = `SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const copied = ({ name, columns }: DumpedTable): string =>
	`${quoted(name)} (${columns.map(quoted).join(', ')})`;

/** Writes the database below `database/`. @returns with the objects that its rows name */
export async function dumpDatabase(
	owner: postgres.Sql,
	archive: ArchiveWriter
): Promise<{ tables: number; named: Set<string> }> {
	return owner.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
		const tables = (await tx.unsafe(TABLES)) as unknown as DumpedTable[];
		const list = tables.map(({ name, columns }) => ({ name, columns }));
		await archive.add('database/tables.json', JSON.stringify(list));
		for (const table of list) {
			const names = table.columns.map(quoted).join(', ');
			const rows = await tx.unsafe(`COPY (SELECT ${names} FROM ${quoted(table.name)}) TO STDOUT`).readable();
			await archive.pieces(`database/rows/${table.name}`, rows as AsyncIterable<Buffer> & Readable);
		}
		await archive.add('database/sequences.json', JSON.stringify(await sequencesOf(tx)));
		return { tables: list.length, named: await namedIn(tx) };
	});
}

/** Not part of the moment, and so never behind it: a number that was given out is never given out again. */
async function sequencesOf(tx: postgres.TransactionSql): Promise<DumpedSequence[]> {
	const found: DumpedSequence[] = [];
	for (const { name } of (await tx.unsafe(SEQUENCES)) as unknown as { name: string }[]) {
		const [row] = await tx.unsafe(`SELECT last_value::text AS value, is_called FROM ${quoted(name)}`);
		if (row) found.push({ name, value: String(row['value']), isCalled: row['is_called'] === true });
	}
	return found;
}

/** Names of the migrations that made the tables. */
export async function migrationsOf(owner: postgres.Sql): Promise<string[]> {
	const rows = await owner.unsafe(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY name`);
	return rows.map((row) => String(row['name']));
}
