// Migrations that build indexes of large tables beside whoever works: outside a transaction, one statement after the other, each of
// them the same done twice as once.
import type { Sql } from 'postgres';

/** The first line of such a file. */
const MARK = '-- no transaction\n';

export const isWithoutTransaction = (text: string): boolean => text.startsWith(MARK);

const BUILD = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+) ON /;
/** What else may stand there, since a kill between any two statements has all of them run again. */
const HARMLESS = /^(?:DROP INDEX CONCURRENTLY IF EXISTS|ANALYZE) /;

/** @throws Error for a statement that would not bear to be run again */
export function statementsOf(text: string): string[] {
	const statements = text
		.replaceAll(/^--.*$/gm, '')
		.split(';')
		.map((one) => one.trim())
		.filter((one) => one !== '');
	const odd = statements.find((one) => !BUILD.test(one) && !HARMLESS.test(one));
	if (odd) throw new Error(`a file without a transaction only builds and drops indexes CONCURRENTLY: ${odd}`);
	return statements;
}

/** A build that was killed leaves an index that is written and never read: null there is none, true it is whole. */
async function isWhole(connection: Sql, index: string): Promise<boolean | null> {
	const [row] = await connection<{ whole: boolean }[]>`
		SELECT x.indisvalid AS whole FROM pg_index x WHERE x.indexrelid = to_regclass(${index})`;
	return row?.whole ?? null;
}

/** Runs what `statementsOf` lets through; what was built before a kill stays. */
export async function buildIndexes(connection: Sql, text: string): Promise<void> {
	for (const statement of statementsOf(text)) {
		const index = BUILD.exec(statement)?.[1];
		const found = index ? await isWhole(connection, index) : null;
		if (found) continue;
		if (found === false) await connection.unsafe(`DROP INDEX CONCURRENTLY ${index}`);
		await connection.unsafe(statement);
	}
}
