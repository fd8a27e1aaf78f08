// npm run db -- "SQL": runs SQL as the owner on the database that the settings name, as psql would.
import { readConfig } from '#server/config.ts';
import { openDatabase } from '#server/db/open-database.ts';
import { commandFolder } from './command-folder.ts';

type Row = Record<string, unknown>;
type Result = readonly Row[] & { command?: string; count?: number; columns?: readonly { name: string }[] };

export default async function db(argv: readonly string[]): Promise<void> {
	const text = argv.filter((word) => word !== '--demo').join(' ');
	if (!text.trim()) return fail('Say what to run: npm run db -- "SELECT count(*) FROM action"');
	const database = await openDatabase(commandFolder(readConfig(), argv));
	try {
		// One connection of our own, so that BEGIN … COMMIT may be part of the text.
		const connection = await database.owner.reserve();
		const answer: unknown = await connection.unsafe(text).finally(() => connection.release());
		for (const result of resultsOf(answer)) process.stdout.write(`${show(result)}\n`);
	} catch (error) {
		fail(`ERROR: ${(error as Error).message}`);
	} finally {
		await database.close();
	}
}

function fail(line: string): void {
	process.stderr.write(`${line}\n`);
	process.exitCode = 1;
}

/** One statement answers with its rows, several with a list of such answers. */
function resultsOf(answer: unknown): Result[] {
	const list = answer as Result | Result[];
	const isSeveral = !('command' in list) || (Array.isArray(list[0]) && 'command' in list[0]);
	return isSeveral ? (list as Result[]) : [list as Result];
}

/** Rows as an aligned table, or how many rows a change touched. */
export function show(result: Result): string {
	const names = result.columns?.map((column) => column.name) ?? [];
	const count = result.count ?? result.length;
	if (names.length === 0)
		return /^(INSERT|UPDATE|DELETE|MERGE|COPY)/.test(result.command ?? '')
			? affected(count)
			: (result.command ?? '');
	const table = [names, ...result.map((row) => names.map((name) => cell(row[name])))];
	const widths = names.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
	const lines = table.map((row) =>
		row
			.map((value, at) => value.padEnd(widths[at] ?? 0))
			.join(' | ')
			.trimEnd()
	);
	const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
	return [
		lines[0],
		rule,
		...lines.slice(1),
		`(${result.length} ${result.length === 1 ? 'row' : 'rows'})`
	].join('\n');
}

const affected = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'} affected`;

function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (value instanceof Date) return value.toISOString();
	if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
	// What a client wrote must not steer the terminal of the operator who reads it: no escapes, no line breaks.
	return text.replaceAll(
		/[\p{Cc}\p{Cf}]/gu,
		(char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`
	);
}
