// A row in each table that has rows of clients, made from what the catalogue says of its columns: every text holds the word. A table
// that is new is planted, too, without anybody thinking of it.
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';

type Column = {
	table: string;
	name: string;
	type: string;
	isNeeded: boolean;
	hasDefault: boolean;
	/** The table it points to. */
	to: string | null;
};

/** Words that a column takes alone, and what else a check or a key asks for; null leaves the column out. */
const VALUES: Record<string, unknown> = {
	'client_order.billing': 'once',
	'client_order.status': 'pending',
	'draft.state': 'open',
	'invoice.number': null,
	'invoice.status': 'draft',
	'removed_record.kind': 'invoice',
	'subscription.billing': 'month',
	'subscription.status': 'active',
	'task.status': 'open',
	'task.waiting_on': 'client',
	'upload.staff_id': null,
	'payment.amount_minor': 1,
	'invoice.total_minor': 1,
	'announcement.visible_until': null,
	'file.purged_at': null
};

const COLUMNS = `
	SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS "isNeeded",
		a.atthasdef OR a.attidentity <> '' AS "hasDefault", r.relname AS to
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
	JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
	LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
	LEFT JOIN pg_class r ON r.oid = f.confrelid
	WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY c.relname, a.attnum`;

function valueOf(
	{ table, name, type, isNeeded, hasDefault, to }: Column,
	word: string,
	ids: Map<string, string>
): unknown {
	const own = `${table}.${name}`;
	if (own in VALUES) return VALUES[own];
	if (to) return ids.get(to) ?? null;
	if (name === 'id' && type === 'uuid') return randomUUID();
	// Sums are kept by currency, and no one types one.
	if (type === 'text') return name === 'currency' ? 'EUR' : word;
	if (type === 'jsonb') return JSON.stringify([word]);
	if (!isNeeded || hasDefault) return null;
	if (type === 'uuid') return randomUUID();
	if (type === 'bytea') return Buffer.from(word);
	if (type === 'date') return '2026-01-01';
	if (type.startsWith('timestamp')) return new Date();
	return 0;
}

/**
 * Plants a row in each of these tables, in an order in which each finds what it points to.
 * @param ids by table, what rows point to; grows by what is planted
 */
export async function plantRows(
	owner: Sql,
	{ tables, word, ids }: { tables: readonly string[]; word: string; ids: Map<string, string> }
): Promise<void> {
	const columns = Map.groupBy(await owner.unsafe<Column[]>(COLUMNS), ({ table }) => table);
	for (const table of tables) {
		const values = (columns.get(table) ?? [])
			.map((column) => [column.name, valueOf(column, word, ids)] as const)
			.filter(([, value]) => value !== null);
		const names = values.map(([name]) => `"${name}"`).join(', ');
		const places = values.map((_value, n) => `$${n + 1}`).join(', ');
		const [row] = await owner.unsafe<{ id?: string }[]>(
			`INSERT INTO ${table} (${names}) VALUES (${places}) RETURNING *`,
			values.map(([, value]) => value as string)
		);
		if (row?.id && !ids.has(table)) ids.set(table, row.id);
	}
}

/** Tables with a column that names a client. */
export async function tablesOfClients(owner: Sql): Promise<string[]> {
	const columns = await owner.unsafe<Column[]>(COLUMNS);
	return [...new Set(columns.filter(({ name }) => name === 'client_id').map(({ table }) => table))];
}
