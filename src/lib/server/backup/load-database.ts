// Puts dumped rows into a database that the same migrations have just made: all of it in one transaction, or nothing.
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';
import { copied, quoted, type DumpedSequence, type DumpedTable } from './dump-database.ts';

const FOREIGN_KEYS = `
	SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
	FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0`;

type ForeignKey = { table: string; name: string; definition: string };

export class DatabaseLoader {
	readonly #connection: postgres.ReservedSql;
	#tables = new Map<string, DumpedTable>();
	#keys: ForeignKey[] = [];
	#loading: { name: string; rows: Writable } | null = null;

	private constructor(connection: postgres.ReservedSql) {
		this.#connection = connection;
	}

	/** Opens the transaction. End with `commit`, or with `abandon`. */
	static async begin(owner: postgres.Sql): Promise<DatabaseLoader> {
		const connection = await owner.reserve();
		await connection.unsafe('BEGIN');
		return new DatabaseLoader(connection);
	}

	/** Empties the tables, which migrations may have given rows, and puts keys and triggers aside. */
	async prepare(tables: readonly DumpedTable[]): Promise<void> {
		this.#tables = new Map(tables.map((table) => [table.name, table]));
		this.#keys = (await this.#connection.unsafe(FOREIGN_KEYS)) as unknown as ForeignKey[];
		for (const { table, name } of this.#keys)
			await this.#connection.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
		// Rows come as they were: what a trigger derives from them is among them.
		for (const { name } of tables)
			await this.#connection.unsafe(`ALTER TABLE ${quoted(name)} DISABLE TRIGGER USER`);
		await this.#connection.unsafe(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')}`);
	}

	/** Bytes of one table's rows, piece by piece; tables come one after the other. */
	async rows(name: string, source: AsyncIterable<Buffer>): Promise<void> {
		if (this.#loading?.name !== name) await this.#open(name);
		const rows = this.#loading?.rows;
		for await (const part of source) if (rows && !rows.write(part)) await once(rows, 'drain');
	}

	async sequences(sequences: readonly DumpedSequence[]): Promise<void> {
		await this.#close();
		for (const { name, value, isCalled } of sequences)
			await this.#connection.unsafe('SELECT setval($1::text::regclass, $2::text::bigint, $3)', [
				quoted(name),
				value,
				isCalled
			]);
	}

	/** Makes keys and triggers again, which checks every row, and keeps all of it. */
	async commit(): Promise<void> {
		await this.#close();
		for (const { table, name, definition } of this.#keys)
			await this.#connection.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
		for (const name of this.#tables.keys())
			await this.#connection.unsafe(`ALTER TABLE ${quoted(name)} ENABLE TRIGGER USER`);
		await this.#connection.unsafe('COMMIT');
		this.#connection.release();
	}

	async abandon(): Promise<void> {
		this.#loading?.rows.destroy();
		await this.#connection.unsafe('ROLLBACK').catch(() => undefined);
		this.#connection.release();
	}

	async #open(name: string): Promise<void> {
		await this.#close();
		const table = this.#tables.get(name);
		if (!table) throw new Error(`the backup has rows of ${name}, which it does not describe`);
		const rows = await this.#connection.unsafe(`COPY ${copied(table)} FROM STDIN`).writable();
		this.#loading = { name, rows };
	}

	async #close(): Promise<void> {
		const rows = this.#loading?.rows;
		this.#loading = null;
		if (!rows) return;
		rows.end();
		await finished(rows);
	}
}
