// A page of a search is the same whether its hits were few enough to be collected or not.
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { findRows } from '#server/db/found-rows.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});

/** Every so-many-th number below 5 000, the largest first. */
const search = (every: number, page = 1) =>
	findRows<{ x: number; word: string }>(database.db, {
		table: 'generate_series(1, 4999)',
		alias: 'n',
		where: sql`n % ${every}::int = 0`,
		page: (
			from,
			where
		) => sql`SELECT n AS x, w.word FROM ${from} JOIN (VALUES ('one')) AS w (word) ON true WHERE ${where}
			ORDER BY n DESC LIMIT 3 OFFSET ${(page - 1) * 3}`
	});

it('shows the first of all hits in the order of the page, and counts them', async () => {
	const found = await search(1_000);
	expect(found).toEqual({
		rows: [4_000, 3_000, 2_000].map((x) => ({ x, word: 'one' })),
		total: 4,
		isMore: false
	});
	expect(await search(1_000, 2)).toMatchObject({ rows: [{ x: 1_000 }], total: 4 });
	expect(await search(1_000, 9)).toEqual({ rows: [], total: 4, isMore: false });
	expect(await search(7_000)).toEqual({ rows: [], total: 0, isMore: false });
});

it('counts no further than 1 000 and still shows the first of all, of however many', async () => {
	expect(await search(2)).toMatchObject({
		rows: [{ x: 4_998 }, { x: 4_996 }, { x: 4_994 }],
		total: 1_000,
		isMore: true
	});
	expect(await search(1, 2)).toMatchObject({
		rows: [{ x: 4_996 }, { x: 4_995 }, { x: 4_994 }],
		total: 1_000,
		isMore: true
	});
});
