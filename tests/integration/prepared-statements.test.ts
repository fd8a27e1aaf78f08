// What the application asks again is parsed and planned once for each connection, also inside transactions.
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reader } from '#server/db/types.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

/** How many prepared statements of this connection hold the marker, and how often they ran. */
const prepared = async (reader: Reader, marker: string): Promise<{ texts: number; runs: number }> => {
	// Its own text must not be counted, hence the parameter.
	const [row] = await reader.execute<{ texts: number; runs: number }>(sql`
		SELECT count(*)::int AS texts, coalesce(sum(generic_plans + custom_plans), 0)::int AS runs
		FROM pg_prepared_statements WHERE statement LIKE ${`%/* ${marker} */%`}`);
	return row ?? { texts: 0, runs: 0 };
};

const ask = (reader: Reader, marker: string, value: number) =>
	reader.execute<{ got: number }>(sql`SELECT ${sql.raw(`/* ${marker} */`)} ${value}::int AS got`);

describe('prepared statements', () => {
	it('prepares from the second time on, inside a transaction', async () => {
		const seen = await database.db.transaction(async (tx) => {
			await ask(tx, 'in-transaction', 1);
			const once = await prepared(tx, 'in-transaction');
			for (const n of [2, 3, 4]) expect(await ask(tx, 'in-transaction', n)).toEqual([{ got: n }]);
			return { once, often: await prepared(tx, 'in-transaction') };
		});
		expect(seen).toEqual({ once: { texts: 0, runs: 0 }, often: { texts: 1, runs: 3 } });
	});

	it('prepares inside a savepoint', async () => {
		const often = await database.db.transaction((tx) =>
			tx.transaction(async (inner) => {
				for (const n of [1, 2, 3]) await ask(inner, 'in-savepoint', n);
				return prepared(inner, 'in-savepoint');
			})
		);
		expect(often).toEqual({ texts: 1, runs: 2 });
	});

	it('prepares what is asked outside of a transaction, wherever the pool runs it', async () => {
		// More than the pool's connections: at least one of them runs it twice.
		const pids = new Set<number>();
		for (let n = 0; n < 5; n += 1) {
			const [row] = await database.db.execute<{ pid: number; own: number }>(sql`
				SELECT /* outside */ pg_backend_pid() AS pid, ${n}::int AS got,
					(SELECT count(*)::int FROM pg_prepared_statements WHERE statement LIKE ${'%/* outside */ pg_backend%'}) AS own`);
			if (row && row.own > 0) pids.add(row.pid);
		}
		expect(pids.size).toBeGreaterThan(0);
	});
});

describe('a transaction and its connection', () => {
	it('lets no statement out of a transaction that is over', async () => {
		const late = await database.db.transaction((tx) => Promise.resolve(() => ask(tx, 'late', 1)));
		await expect(late()).rejects.toMatchObject({ cause: { message: expect.stringMatching(/is over/) } });
	});

	/** Ends the transaction's connection from outside, as a restart of the database would. */
	const lose = async (tx: Reader): Promise<void> => {
		const [me] = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
		await database.owner`SELECT pg_terminate_backend(${me?.pid ?? 0})`;
		await delay(100);
	};

	it.each(['goes on asking', 'ends as if nothing had been', 'throws'])(
		'fails when its connection is lost and the work %s, and harms no other',
		async (what) => {
			const lost = database.db.transaction(async (tx) => {
				await lose(tx);
				// Somebody gets a connection in its place; what is left of the lost work must not end their transaction.
				const other = database.db.transaction(async (own) => {
					await ask(own, 'other', 1);
					await delay(150);
					return own.execute(sql`SELECT pg_current_xact_id_if_assigned() IS NULL AS open`);
				});
				if (what === 'goes on asking') await ask(tx, 'after-loss', 1);
				if (what === 'throws') throw new Error('for a reason of its own');
				await other;
			});
			await expect(lost).rejects.toThrow();
			// Where a commit or a rollback on the dead connection would throw, outside of every promise.
			await delay(300);
		}
	);

	it('fails when its connection is lost under a running statement', async () => {
		const lost = database.db.transaction(async (tx) => {
			const [me] = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
			setTimeout(() => void database.owner`SELECT pg_terminate_backend(${me?.pid ?? 0})`.execute(), 50);
			await tx.execute(sql`SELECT pg_sleep(5)`);
		});
		await expect(lost).rejects.toThrow();
		await delay(300);
		expect(await database.db.execute(sql`SELECT 1 AS alive`)).toEqual([{ alive: 1 }]);
	});
});
